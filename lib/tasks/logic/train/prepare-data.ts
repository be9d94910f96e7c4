import { Random, raise } from '../../../core/index.js';
import { StopList } from '../../../logic/index.js';
import type { EncodedInstruction } from '../../instruct/encode-instruction.js';
import { InstructionDataset } from '../../instruct/instruction-dataset.js';
import { formatMalformed } from '../../instruct/read-instructions.js';
import { drawLogicExamples } from '../data/draw-examples.js';
import { splitLogicExamples } from '../data/hold-out.js';
import type { LogicSplits } from '../data/hold-out.js';
import { layOutLogicPasses } from '../data/lay-out-passes.js';
import { readLogicExamples } from '../data/read-examples.js';
import type { PlacedLogicExample } from '../data/example.js';
import { encodeLogicRecord } from '../sequence/encode-record.js';
import { trainLogicTokenizer } from '../sequence/train-tokenizer.js';
import { LogicVocabulary } from '../sequence/vocabulary.js';
import { encodeContrast } from '../objective/encode-contrast.js';
import { needsLabels } from './loss-terms.js';
import type { LogicSettings } from './options.js';

/** All that a training reads. */
export interface PreparedLogic {
  splits: LogicSplits;
  vocabulary: LogicVocabulary;
  train: InstructionDataset;
  validation: InstructionDataset;
  /** Examples of all passes, each as often as it comes. */
  drawn: number;
  /** Examples that are longer than a row, which are left out. */
  tooLong: number;
}

/** The most examples that the tokenizer is learned from, and that the validation loss is measured on. */
const [LEARNED_FROM, VALIDATED] = [20_000, 400];

/**
 * Draws or reads the examples, learns the tokenizer from those that are trained on, and packs them.
 *
 * @param settings - of the training
 * @returns the data, the same for the same settings
 * @throws DataError where files hold nothing to learn from
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function prepareLogic(settings: LogicSettings): Promise<PreparedLogic> {
  const { onStage, vocabSize, signal } = settings;
  const splits = await openSplits(settings);
  onStage?.('encoding', `${splits.train.length} sentences`);
  const learnedFrom = splits.train.slice(0, LEARNED_FROM);
  const tokenizer = await trainLogicTokenizer(learnedFrom, { vocabSize, ...(signal && { signal }) });
  const vocabulary = new LogicVocabulary(tokenizer);
  return { splits, vocabulary, ...packLogic(splits, vocabulary, settings) };
}

/** Writes an example as it is learned. */
export type WriteExample = (example: PlacedLogicExample, place: number) => EncodedInstruction;

/**
 * Packs the examples of a training.
 *
 * @param splits - to train on and held out
 * @param vocabulary - of the model
 * @param settings - of the training
 * @param write - what is learned of an example (default: the sections of the settings' mode)
 * @returns rows to train on and to measure the loss by
 */
export function packLogic(
  splits: LogicSplits,
  vocabulary: LogicVocabulary,
  settings: LogicSettings,
  write: WriteExample = (example) => encodeLogicRecord(example, vocabulary, { mode: settings.mode }),
): Omit<PreparedLogic, 'splits' | 'vocabulary'> {
  const { length, epochs, curriculum, harder, seed } = settings;
  const train = encodeFitting(splits.train, write, length);
  const held = encodeFitting(chooseValidation(splits), write, length);
  const levels = train.map(({ example }) => example.complexity);
  const passes = layOutLogicPasses(levels, { epochs, curriculum, harder, seed });
  const examples = listTrained(train, vocabulary, settings);
  const contrasts = examples.length > train.length;
  return {
    train: new InstructionDataset(examples, {
      ...{ length, seed, paddingToken: vocabulary.pad },
      passes: passes.map((pass, i) =>
        contrasts && i >= settings.contrastFrom ? pass.map((place) => train.length + place) : pass,
      ),
    }),
    validation: new InstructionDataset(listEncoded(held), { length, paddingToken: vocabulary.pad }),
    drawn: passes.reduce((sum, { length }) => sum + length, 0),
    tooLong: splits.train.length - train.length,
  };
}

async function openSplits(settings: LogicSettings): Promise<LogicSplits> {
  const { data, onStage, records, held, seed, noise, validation, signal } = settings;
  const avoid = await readStopList(settings);
  if (data === undefined) {
    onStage?.('drawing', `${records} sentences`);
    return drawLogicExamples({ count: records, held, seed, noise, avoid, signal });
  }
  const { examples, malformed, malformedCount } = await readLogicExamples(data);
  const skipped = malformedCount === 0 ? '' : `, left out ${formatMalformed(malformed, malformedCount)}`;
  onStage?.('drawing', `${examples.length} records${skipped}`);
  const { train, ...splits } = splitLogicExamples(examples, validation);
  return { ...splits, train: train.filter(({ input }) => !avoid.has(input)) };
}

async function readStopList({ avoid }: LogicSettings): Promise<StopList> {
  if (avoid === undefined) return new StopList([]);
  return new StopList((await readLogicExamples(avoid)).examples.map(({ input }) => input));
}

/** The examples that the validation loss is measured on: a part of each held-out kind. */
function chooseValidation({ held }: LogicSplits): PlacedLogicExample[] {
  const kinds = Object.values(held);
  return kinds.flatMap((examples) => examples.slice(0, Math.ceil(VALIDATED / kinds.length)));
}

function encodeFitting(examples: readonly PlacedLogicExample[], write: WriteExample, length: number) {
  const fitting = examples.flatMap((example, place) => {
    const encoded = write(example, place);
    return encoded.ids.length - 1 > length ? [] : [{ example, encoded }];
  });
  return fitting.length > 0 ? fitting : refuseTooLong(length);
}

/** What is trained on: the examples, and once more with wrong formulas behind them where these are contrasted. */
function listTrained(
  train: ReturnType<typeof encodeFitting>,
  vocabulary: LogicVocabulary,
  settings: LogicSettings,
): EncodedInstruction[] {
  const { contrast, seed, mode, length } = settings;
  const plain = listEncoded(train, needsLabels(settings));
  if (contrast === 0) return plain;
  const contrasted = train.map(({ example }, place) => {
    const both = encodeContrast(example, vocabulary, new Random(seed).split('contrast', place), { mode });
    // What has no room for a wrong formula goes without.
    return both.ids.length - 1 > length ? plain[place]! : both;
  });
  return [...plain, ...contrasted];
}

function listEncoded(examples: ReturnType<typeof encodeFitting>, labelled = false): EncodedInstruction[] {
  return examples.map(({ encoded: { ids, answers, labels, breaks } }) => ({
    ...{ ids, answers },
    ...(labelled && labels && { labels }),
    ...(breaks && { breaks }),
  }));
}

function refuseTooLong(length: number): never {
  return raise('PAL_DATA', {
    where: 'trainLogic',
    expected: `sequences of at most ${length} tokens`,
    received: 'longer ones alone',
    fix: 'Give a larger length.',
  });
}
