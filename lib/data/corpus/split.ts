import { Random, checkOptions, expectOneOf, expectRange, raise, runAtOnce } from '../../core/index.js';
import { NumberList } from './number-list.js';
import { countSpans } from './spans.js';
import type { SpanList } from './spans.js';
import type { OptionChecks } from '../../core/index.js';
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

/** The keys of {@link SplitOptions}. */
export const splitKeys: OptionChecks<SplitOptions> = { by: true, validation: true, test: true, seed: true };

/** The splits of a corpus. */
export const SPLIT_NAMES = ['train', 'validation', 'test'] as const;

/** The name of a split. */
export type SplitName = (typeof SPLIT_NAMES)[number];

/** The splits of a corpus; they share no token. Splits with share 0 are empty. */
export type CorpusSplits = Record<SplitName, Corpus>;

/** Where the held-out parts of a cut row begin. */
export interface BlockCuts {
  validation: number;
  test: number;
}

/** The part of each document, by its place in {@link SPLIT_NAMES}. */
export type Membership = Uint8Array;

/** Documents after which a long work on them can be left. */
const STEP = 2 ** 13;

/**
 * Divides a corpus into training, validation and test split.
 *
 * @throws ArgumentError when the shares leave nothing to train on
 * @throws DataError when there are too few documents to draw from
 */
export function splitCorpus({ tokens, starts }: Corpus, options: SplitOptions = {}): CorpusSplits {
  checkOptions('splitCorpus', options, splitKeys);
  const spans = runAtOnce(splitSpans(listSpans(starts, tokens.length), tokens.length, options));
  const gatherSplit = (name: SplitName): Corpus => ({
    tokens: gatherSpans(tokens, spans[name]),
    starts: computeStarts(spans[name]),
  });
  return { train: gatherSplit('train'), validation: gatherSplit('validation'), test: gatherSplit('test') };
}

/**
 * The spans of each split, in the order of the corpus; the work can be left between any two steps.
 *
 * @param documents - one after another, from 0 to `length`
 * @param length - the tokens of all of them
 * @param options - shares and seed
 * @throws as {@link splitCorpus}
 */
export function* splitSpans(
  documents: SpanList,
  length: number,
  options: SplitOptions,
): Generator<undefined, Record<SplitName, SpanList>> {
  const checked = checkSplit(options);
  return checked.by === 'block'
    ? yield* clipBlocks(documents, cutBlocks(length, checked), length)
    : yield* selectMembers(documents, yield* drawDocuments(documents, length, checked));
}

/**
 * Options with their defaults.
 *
 * @throws ArgumentError when the shares leave nothing to train on
 */
export function checkSplit(options: SplitOptions): Required<SplitOptions> {
  const where = 'splitCorpus';
  const by = expectOneOf(where, 'split.by', options.by ?? 'block', ['block', 'document'] as const);
  const validation = expectRange(where, 'split.validation', options.validation ?? 0, { min: 0, below: 1 });
  const test = expectRange(where, 'split.test', options.test ?? 0, { min: 0, below: 1 });
  expectRange(where, 'split.validation + split.test', validation + test, { min: 0, below: 1 });
  return { by, validation, test, seed: options.seed ?? 0 };
}

/** Where a row is cut for the shares of a split. */
export function cutBlocks(length: number, split: Pick<Required<SplitOptions>, 'validation' | 'test'>): BlockCuts {
  const test = length - countShare(split.test, length);
  return { test, validation: Math.max(Math.min(1, test), test - countShare(split.validation, length)) };
}

/** What lies of each document in each part of a cut row. */
export function* clipBlocks(
  documents: SpanList,
  cuts: BlockCuts,
  length: number,
): Generator<undefined, Record<SplitName, SpanList>> {
  const bounds = { train: [0, cuts.validation], validation: [cuts.validation, cuts.test], test: [cuts.test, length] };
  const clipped = { train: new SpanCollector(), validation: new SpanCollector(), test: new SpanCollector() };
  for (const name of SPLIT_NAMES) {
    const [from, to] = bounds[name] as [number, number];
    for (let i = 0; i < documents.starts.length; i++) {
      clipped[name].add(Math.max(documents.starts[i]!, from), Math.min(documents.ends[i]!, to));
      if (i % STEP === 0) yield;
    }
  }
  return collectSpans(clipped);
}

/**
 * Draws whole documents for each part until it has its share.
 *
 * @throws DataError when there are too few documents to draw from
 */
export function* drawDocuments(
  { starts, ends }: SpanList,
  length: number,
  { validation, test, seed }: Required<SplitOptions>,
): Generator<undefined, Membership> {
  const count = starts.length;
  const parts = 1 + Number(validation > 0) + Number(test > 0);
  if (count < parts) refuseFew(count, parts);
  const order = yield* drawPermutation(count, new Random(seed).split('documents'));
  const membership = new Uint8Array(count);
  let index = 0;
  const take = function* (part: number, wanted: number, spare: number): Generator<undefined, void> {
    for (let held = 0; held < wanted && count - index > spare; index++) {
      const document = order[index]!;
      membership[document] = part;
      held += ends[document]! - starts[document]!;
      if (index % STEP === 0) yield;
    }
  };
  yield* take(2, length * test, parts - 1);
  yield* take(1, length * validation, 1);
  return membership;
}

/** The spans of each part's documents. */
export function* selectMembers(
  { starts, ends }: SpanList,
  membership: Membership,
): Generator<undefined, Record<SplitName, SpanList>> {
  const selected = { train: new SpanCollector(), validation: new SpanCollector(), test: new SpanCollector() };
  for (let i = 0; i < starts.length; i++) {
    selected[SPLIT_NAMES[membership[i]!]!].push(starts[i]!, ends[i]!);
    if (i % STEP === 0) yield;
  }
  return collectSpans(selected);
}

/** {@link Random.permutation} in steps. */
function* drawPermutation(count: number, random: Random): Generator<undefined, Uint32Array> {
  const items = new Uint32Array(count);
  for (let i = 0; i < count; i++) items[i] = i;
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const held = items[i]!;
    items[i] = items[j]!;
    items[j] = held;
    if (i % STEP === 0) yield;
  }
  return items;
}

class SpanCollector {
  readonly #starts = new NumberList();
  readonly #ends = new NumberList();

  push(start: number, end: number): void {
    this.#starts.push(start);
    this.#ends.push(end);
  }

  /** Adds a span unless it is empty. */
  add(start: number, end: number): void {
    if (end > start) this.push(start, end);
  }

  view(): SpanList {
    return { starts: this.#starts.view(), ends: this.#ends.view() };
  }
}

function collectSpans(parts: Record<SplitName, SpanCollector>): Record<SplitName, SpanList> {
  return { train: parts.train.view(), validation: parts.validation.view(), test: parts.test.view() };
}

/** The documents of a row as spans. */
function listSpans(starts: ArrayLike<number>, length: number): SpanList {
  const all = Float64Array.from(starts);
  return { starts: all, ends: Float64Array.from(all, (_, i) => all[i + 1] ?? length) };
}

/** The start of each span when the spans stand one after another. */
function computeStarts({ starts, ends }: SpanList): number[] {
  let total = 0;
  return Array.from(starts, (start, i) => {
    total += ends[i]! - start;
    return total - (ends[i]! - start);
  });
}

/** A share in whole tokens, rounded down so that the shares together leave something. */
function countShare(share: number, length: number): number {
  return Math.floor(share * length + 1e-9);
}

/** The tokens of some spans: a view where they follow each other, else a copy. */
function gatherSpans(tokens: TokenArray, spans: SpanList): TokenArray {
  const { starts, ends } = spans;
  const length = countSpans(spans).tokens;
  const [first, last] = [starts[0] ?? 0, ends.at(-1) ?? 0];
  if (last - first === length) return tokens.subarray(first, last);
  const gathered = createTokenArray(length, tokens.BYTES_PER_ELEMENT === 2 ? 1 : Infinity);
  let offset = 0;
  for (const [i, start] of starts.entries()) {
    gathered.set(tokens.subarray(start, ends[i]), offset);
    offset += ends[i]! - start;
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
