import { raise } from '../../../core/index.js';
import { drawFallacies, readFallacies } from '../../../logic/index.js';
import type { FallacyRecord } from '../../../logic/index.js';
import { InstructionDataset } from '../../instruct/instruction-dataset.js';
import { hashToUnit } from '../data/hold-out.js';
import { layOutLogicPasses } from '../data/lay-out-passes.js';
import type { DetectiveSettings } from './detective-options.js';
import { encodeFallacy } from './encode-fallacy.js';
import { DetectiveVocabulary, trainDetectiveTokenizer } from './vocabulary.js';

/** Texts to learn from, and those that are held out, by kind. */
export interface DetectiveSplits {
  train: readonly FallacyRecord[];
  held: Readonly<Record<string, readonly FallacyRecord[]>>;
}

/** All that a training reads. */
export interface PreparedFallacies {
  splits: DetectiveSplits;
  vocabulary: DetectiveVocabulary;
  train: InstructionDataset;
  validation: InstructionDataset;
}

/** The most texts that the validation loss is measured on. */
const VALIDATED = 300;

/**
 * Draws or reads the texts, learns the tokenizer from those that are trained on, and packs them.
 *
 * @param settings - of the training
 * @param known - texts and a tokenizer that are there already
 * @returns the data, the same for the same settings
 * @throws DataError where files hold nothing to learn from, and where no text fits a row
 */
export async function prepareFallacies(
  settings: DetectiveSettings,
  known: { splits?: DetectiveSplits; vocabulary?: DetectiveVocabulary } = {},
): Promise<PreparedFallacies> {
  const { onStage, vocabSize, length, epochs, seed, signal } = settings;
  const splits = known.splits ?? (await openFallacies(settings));
  onStage?.('encoding', `${splits.train.length} texts`);
  const vocabulary =
    known.vocabulary ??
    new DetectiveVocabulary(await trainDetectiveTokenizer(splits.train, { vocabSize, ...(signal && { signal }) }));
  const train = encodeFitting(splits.train, vocabulary, length);
  const held = Object.values(splits.held).flat();
  const every = Math.max(1, Math.floor(held.length / VALIDATED));
  const validation = encodeFitting(
    held.filter((_, place) => place % every === 0),
    vocabulary,
    length,
  );
  const levels = train.map(() => 'simple' as const);
  const passes = layOutLogicPasses(levels, { epochs, harder: 0, seed });
  const paddingToken = vocabulary.logic.pad;
  return {
    ...{ splits, vocabulary },
    train: new InstructionDataset(train, { length, passes, seed, paddingToken }),
    validation: new InstructionDataset(validation, { length, paddingToken }),
  };
}

async function openFallacies(settings: DetectiveSettings): Promise<DetectiveSplits> {
  const { data, onStage, records: count, held, seed, fold, validation, signal } = settings;
  if (data === undefined) {
    onStage?.('drawing', `${count} texts`);
    return await drawFallacies({ count, held, seed, fold, signal });
  }
  const read = await Promise.all([data].flat().map((path) => readFallacies(path)));
  return holdOut(read.flat(), validation);
}

/** Holds out whole templates, where records name them, and else texts, by a hash of their names. */
function holdOut(records: readonly FallacyRecord[], share: number): DetectiveSplits {
  const isHeld = ({ template, text }: FallacyRecord): boolean => hashToUnit(template ?? text) < share;
  const [train, held] = [records.filter((one) => !isHeld(one)), records.filter(isHeld)];
  if (train.length > 0 && held.length > 0) return { train, held: { held } };
  return raise('PAL_DATA', {
    where: 'trainDetective',
    expected: 'texts to train on and texts to hold out',
    received: `${train.length} and ${held.length}`,
    fix: 'Give more records, or another share.',
  });
}

function encodeFitting(records: readonly FallacyRecord[], vocabulary: DetectiveVocabulary, length: number) {
  const fitting = records
    .map((record) => encodeFallacy(record, vocabulary))
    .filter(({ ids }) => ids.length - 1 <= length);
  if (fitting.length > 0) return fitting;
  return raise('PAL_DATA', {
    where: 'trainDetective',
    expected: `sequences of at most ${length} tokens`,
    received: 'longer ones alone',
    fix: 'Give a larger length.',
  });
}
