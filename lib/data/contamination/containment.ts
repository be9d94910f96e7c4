import type { Corpus, TokenRow } from '../corpus/tokens.js';
import type { ContaminationWork } from './contamination-work.js';
import { getDocumentSpans } from './exact.js';
import { ShingleIndex } from './shingle-index.js';
import { hashShingles, visitShingles } from './shingles.js';
import type { RowSpans } from './shingles.js';

/** Beyond this many shingles of the units only every n-th is looked at, chosen by its hash. */
const MOST_SHINGLES = 2 ** 21;

/** The share of each unit's shingles that a reference holds. */
export interface ShingleOverlap {
  /** The different shingles of each unit that were looked at. */
  shingles: Uint32Array;
  /** The most of them that one document of the reference holds. */
  found: Uint32Array;
  /** That document; −1 where none holds any. */
  document: Int32Array;
}

/**
 * Looks for the shingles of some units in every document of a reference, wherever they stand there.
 *
 * The reference is read once; memory is needed for the units alone.
 *
 * @param tokens - the row the units are cut from
 * @param units - what to look for
 * @param reference - where to look
 * @param length - tokens in a shingle
 * @param work - the slices
 */
export async function measureShingleOverlap(
  tokens: TokenRow,
  units: RowSpans,
  reference: Corpus<TokenRow>,
  length: number,
  work: ContaminationWork,
): Promise<ShingleOverlap> {
  const count = units.starts.length;
  const shingles = new Uint32Array(count);
  const { sampling, capacity } = chooseSampling(tokens.length);
  const index = new ShingleIndex(capacity, true);
  const add = (a: number, b: number, unit: number): void => {
    if (a % sampling === 0 && index.add(a, b, unit)) shingles[unit]!++;
  };
  await work.run(visitShingles(tokens, units, length, add));
  const search = new Search(index, count);
  const visit = (a: number, b: number, document: number): void => {
    if (a % sampling === 0) search.visit(a, b, document);
  };
  const leave = (document: number): void => search.finish(document);
  await work.run(visitShingles(reference.tokens, getDocumentSpans(reference), length, visit, leave));
  return { shingles, found: search.found, document: search.document };
}

/**
 * Counts the windows of one row, cut one after another, that occur in another word for word, at any place there. Of very
 * many windows a sample tells.
 *
 * @param heldOut - cut into windows
 * @param reference - searched in one pass
 * @param length - tokens in a window
 * @param work - the slices
 */
export async function countSharedWindows(
  heldOut: TokenRow,
  reference: TokenRow,
  length: number,
  work: ContaminationWork,
): Promise<number> {
  const count = Math.floor(heldOut.length / length);
  const { sampling, capacity } = chooseSampling(count);
  const index = new ShingleIndex(capacity);
  const windows = {
    starts: Float64Array.from({ length: count }, (_, i) => i * length),
    end: (i: number) => (i + 1) * length,
  };
  const add = (a: number, b: number, window: number): void => {
    if (a % sampling === 0) index.add(a, b, window);
  };
  await work.run(visitShingles(heldOut, windows, length, add));
  const search = countHits(reference, length, index, sampling);
  return Math.min(count, sampling * (await work.run(search)));
}

/** The entries of an index whose shingle occurs in a row. */
function* countHits(
  reference: TokenRow,
  length: number,
  index: ShingleIndex,
  sampling: number,
): Generator<number, number> {
  const seen = new Uint8Array(index.size + 1);
  let hits = 0;
  for (const { first, count, a, b } of hashShingles(reference, length)) {
    for (let i = 0; i < count; i++) {
      const entry = a[i]! % sampling === 0 ? index.first(a[i]!, b[i]!) : 0;
      if (entry === 0 || seen[entry] === 1) continue;
      seen[entry] = 1;
      for (let one = entry; one > 0; one = index.after(one)) hits++;
    }
    yield first + count;
  }
  return hits;
}

function chooseSampling(most: number): { sampling: number; capacity: number } {
  const sampling = Math.max(1, Math.ceil(most / MOST_SHINGLES));
  return { sampling, capacity: Math.ceil(most / sampling) * 1.25 };
}

/** Counts, document by document of the reference, which entries of the index occur. */
class Search {
  readonly found: Uint32Array;
  readonly document: Int32Array;
  readonly #index: ShingleIndex;
  /** The document in which an entry was last seen, plus one, so that each counts once a document. */
  readonly #seenIn: Uint32Array;
  readonly #counts: Uint32Array;
  readonly #touched: number[] = [];

  constructor(index: ShingleIndex, units: number) {
    this.#index = index;
    this.found = new Uint32Array(units);
    this.document = new Int32Array(units).fill(-1);
    this.#seenIn = new Uint32Array(index.size + 1);
    this.#counts = new Uint32Array(units);
  }

  visit(a: number, b: number, document: number): void {
    const first = this.#index.first(a, b);
    if (first === 0 || this.#seenIn[first] === document + 1) return;
    this.#seenIn[first] = document + 1;
    for (let entry = first; entry > 0; entry = this.#index.after(entry)) {
      const unit = this.#index.unitOf(entry);
      if (this.#counts[unit]!++ === 0) this.#touched.push(unit);
    }
  }

  finish(document: number): void {
    for (const unit of this.#touched) {
      if (this.#counts[unit]! > this.found[unit]!) {
        this.found[unit] = this.#counts[unit]!;
        this.document[unit] = document;
      }
      this.#counts[unit] = 0;
    }
    this.#touched.length = 0;
  }
}
