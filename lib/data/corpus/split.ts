import { Random, expectOneOf, expectRange, raise } from '../../core/index.js';
import { createTokenArray } from './tokens.js';
import type { Corpus, TokenArray } from './tokens.js';

/** Options of {@link splitCorpus}; a corpus is divided before any window is cut. */
export interface SplitOptions {
  /**
   * `block`: one cut row, training first, then validation, then test. `document`: whole documents, drawn
   * with `seed`, until each split has its share of the tokens. Default: `block`.
   */
  by?: 'block' | 'document';
  /** The share of the validation split in [0, 1). Default: 0. */
  validation?: number;
  /** The share of the test split in [0, 1). Default: 0. */
  test?: number;
  /** Draws the documents. Default: 0. */
  seed?: number;
}

/** The splits of a corpus. */
export const SPLIT_NAMES = ['train', 'validation', 'test'] as const;

/** The name of a split. */
export type SplitName = (typeof SPLIT_NAMES)[number];

/** The splits of a corpus; they share no token. Splits with share 0 are empty. */
export type CorpusSplits = Record<SplitName, Corpus>;

/** The tokens [start, end): a document, or what a cut left of one. */
export interface Span {
  start: number;
  end: number;
}

/**
 * Divides a corpus into training, validation and test split.
 *
 * @throws ArgumentError when the shares leave nothing to train on
 * @throws DataError when there are too few documents to draw from
 */
export function splitCorpus({ tokens, starts }: Corpus, options: SplitOptions = {}): CorpusSplits {
  const spans = splitSpans(starts, tokens.length, options);
  const gatherSplit = (name: SplitName): Corpus => ({
    tokens: gatherSpans(tokens, spans[name]),
    starts: computeStarts(spans[name]),
  });
  return { train: gatherSplit('train'), validation: gatherSplit('validation'), test: gatherSplit('test') };
}

/**
 * The spans of each split, in the order of the corpus.
 *
 * @throws as {@link splitCorpus}
 */
export function splitSpans(
  starts: ArrayLike<number>,
  length: number,
  options: SplitOptions,
): Record<SplitName, Span[]> {
  const where = 'splitCorpus';
  const by = expectOneOf(where, 'split.by', options.by ?? 'block', ['block', 'document'] as const);
  const validation = expectRange(where, 'split.validation', options.validation ?? 0, { min: 0, below: 1 });
  const test = expectRange(where, 'split.test', options.test ?? 0, { min: 0, below: 1 });
  expectRange(where, 'split.validation + split.test', validation + test, { min: 0, below: 1 });
  const documents = listDocumentSpans(starts, length);
  if (by === 'block') return splitBlocks(documents, length, validation, test);
  return splitDocuments(documents, length, validation, test, options.seed ?? 0);
}

/** The start of each span when the spans stand one after another. */
export function computeStarts(spans: readonly Span[]): number[] {
  let total = 0;
  return spans.map(({ start, end }) => {
    total += end - start;
    return total - (end - start);
  });
}

/** The tokens of each document. */
export function listDocumentSpans(starts: ArrayLike<number>, length: number): Span[] {
  return Array.from({ length: starts.length }, (_, i) => ({ start: starts[i]!, end: starts[i + 1] ?? length }));
}

function splitBlocks(
  documents: readonly Span[],
  length: number,
  validation: number,
  test: number,
): Record<SplitName, Span[]> {
  const testStart = length - countShare(test, length);
  const validationStart = Math.max(Math.min(1, testStart), testStart - countShare(validation, length));
  const clipDocuments = (from: number, to: number): Span[] =>
    documents
      .map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, to) }))
      .filter(({ start, end }) => end > start);
  return {
    train: clipDocuments(0, validationStart),
    validation: clipDocuments(validationStart, testStart),
    test: clipDocuments(testStart, length),
  };
}

/** A share in whole tokens, rounded down so that the shares together leave something. */
function countShare(share: number, length: number): number {
  return Math.floor(share * length + 1e-9);
}

function splitDocuments(
  documents: readonly Span[],
  length: number,
  validation: number,
  test: number,
  seed: number,
): Record<SplitName, Span[]> {
  const parts = 1 + Number(validation > 0) + Number(test > 0);
  if (documents.length < parts) refuseFew(documents.length, parts);
  const order = new Random(seed).split('documents').permutation(documents.length);
  const testEnd = takeShare(order, 0, documents, length * test, parts - 1);
  const validationEnd = takeShare(order, testEnd, documents, length * validation, 1);
  const selectDocuments = (from: number, to: number): Span[] =>
    [...order.slice(from, to).sort()].map((index) => documents[index]!);
  return {
    train: selectDocuments(validationEnd, order.length),
    validation: selectDocuments(testEnd, validationEnd),
    test: selectDocuments(0, testEnd),
  };
}

/** Takes documents of `order` from `from` on until they hold `wanted` tokens, leaves at least `spare`, and returns the end. */
function takeShare(
  order: Uint32Array,
  from: number,
  documents: readonly Span[],
  wanted: number,
  spare: number,
): number {
  let index = from;
  for (let held = 0; held < wanted && order.length - index > spare; index++) {
    const { start, end } = documents[order[index]!]!;
    held += end - start;
  }
  return index;
}

/** The tokens of some spans: a view where they follow each other, else a copy. */
function gatherSpans(tokens: TokenArray, spans: readonly Span[]): TokenArray {
  const length = spans.reduce((sum, { start, end }) => sum + end - start, 0);
  const [first, last] = [spans[0]?.start ?? 0, spans.at(-1)?.end ?? 0];
  if (last - first === length) return tokens.subarray(first, last);
  const gathered = createTokenArray(length, tokens.BYTES_PER_ELEMENT === 2 ? 1 : Infinity);
  let offset = 0;
  for (const { start, end } of spans) {
    gathered.set(tokens.subarray(start, end), offset);
    offset += end - start;
  }
  return gathered;
}

function refuseFew(documents: number, parts: number): never {
  raise('PAL_DATA', {
    where: 'splitCorpus',
    expected: `at least ${parts} documents for ${parts} parts`,
    received: String(documents),
    fix: "Split by: 'block' instead.",
  });
}
