import { createHash } from 'node:crypto';
import { raise } from '../../../core/index.js';
import type { PlacedLogicExample } from './example.js';

/** Examples to learn from, and those by which it is measured what was learned, by name. */
export interface LogicSplits {
  train: readonly PlacedLogicExample[];
  held: Readonly<Record<string, readonly PlacedLogicExample[]>>;
}

/** Names of the split that is trained on. */
const TRAIN = 'train';

/**
 * Splits examples: as their records say, where any does; else a share of the sources, by a hash of their names, so that
 * all examples of a source, and all with the same sentence, lie on one side.
 *
 * @param examples - read from files
 * @param share - of the sources that are held out, above 0 and below 1
 * @returns what is trained on, and what is held out under `held`, or under the names of its splits
 * @throws DataError where nothing is left to train on, or nothing to hold out
 */
export function splitLogicExamples(examples: readonly PlacedLogicExample[], share: number): LogicSplits {
  const splits = examples.some(({ split }) => split !== undefined)
    ? splitAsSaid(examples)
    : holdOutShare(examples, share);
  const held = Object.values(splits.held).reduce((sum, { length }) => sum + length, 0);
  if (splits.train.length > 0 && held > 0) return splits;
  return raise('PAL_DATA', {
    where: 'splitLogicExamples',
    expected: 'examples to train on and examples to hold out',
    received: `${splits.train.length} and ${held}`,
    fix: 'Give more records, or records of several splits.',
  });
}

function splitAsSaid(examples: readonly PlacedLogicExample[]): LogicSplits {
  const bySplit = new Map<string, PlacedLogicExample[]>();
  for (const example of examples) {
    const name = example.split ?? TRAIN;
    const same = bySplit.get(name);
    if (same === undefined) bySplit.set(name, [example]);
    else same.push(example);
  }
  const train = bySplit.get(TRAIN) ?? [];
  bySplit.delete(TRAIN);
  return { train, held: Object.fromEntries(bySplit) };
}

function holdOutShare(examples: readonly PlacedLogicExample[], share: number): LogicSplits {
  const groups = groupExamples(examples);
  const isHeld = (group: string): boolean => hashToUnit(group) < share;
  return {
    train: examples.filter((_, place) => !isHeld(groups[place]!)),
    held: { held: examples.filter((_, place) => isHeld(groups[place]!)) },
  };
}

/** The group of each example: those that share a source or a sentence, through however many others, have the same name. */
function groupExamples(examples: readonly PlacedLogicExample[]): string[] {
  const parents = new Map<string, string>();
  const find = (key: string): string => {
    const parent = parents.get(key) ?? key;
    if (parent === key) return key;
    const root = find(parent);
    parents.set(key, root);
    return root;
  };
  const keys = examples.map(({ input, sourceId }) => [
    `input ${normalizeSentence(input)}`,
    `source ${sourceId ?? input}`,
  ]);
  for (const [input, source] of keys) {
    const roots = [find(input!), find(source!)].sort();
    parents.set(roots[1]!, roots[0]!);
  }
  return keys.map(([input]) => find(input!));
}

/**
 * The form of a sentence that copies have in common: NFC, lower case, one space for white space and punctuation.
 *
 * @param sentence - any text
 * @returns words and spaces
 */
export function normalizeSentence(sentence: string): string {
  return sentence
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/**
 * A number of a text that looks drawn at random.
 *
 * @param text - any
 * @returns from 0 to below 1, the same for the same text
 */
export function hashToUnit(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
