import { listDocumentSpans } from '../corpus/split.js';
import type { Span } from '../corpus/split.js';
import type { Corpus, TokenRow } from '../corpus/tokens.js';
import { ShingleIndex } from './shingle-index.js';
import { hashShingles } from './shingles.js';

/** Beyond this many shingles of the units only every n-th is looked at, chosen by its hash. */
const MOST_SHINGLES = 2 ** 21;
/** Shingles hashed between two breaths of the event loop, in blocks. */
const BLOCKS_A_TURN = 8;

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
 */
export async function measureShingleOverlap(
  tokens: TokenRow,
  units: readonly Span[],
  reference: Corpus<TokenRow>,
  length: number,
): Promise<ShingleOverlap> {
  const total = units.reduce((sum, { start, end }) => sum + Math.max(0, end - start - length + 1), 0);
  const sampling = Math.max(1, Math.ceil(total / MOST_SHINGLES));
  const result: ShingleOverlap = {
    shingles: new Uint32Array(units.length),
    found: new Uint32Array(units.length),
    document: new Int32Array(units.length).fill(-1),
  };
  const index = buildIndex(tokens, units, length, sampling, Math.ceil(total / sampling), result.shingles);
  const search = new Search(index, result);
  let blocks = 0;
  for (const [document, { start, end }] of listDocumentSpans(reference.starts, reference.tokens.length).entries()) {
    for (const { count, a, b } of hashShingles(reference.tokens, start, end, length)) {
      for (let i = 0; i < count; i++) if (a[i]! % sampling === 0) search.visit(a[i]!, b[i]!, document);
      if (++blocks % BLOCKS_A_TURN === 0) await new Promise(setImmediate);
    }
    search.finish(document);
  }
  return result;
}

function buildIndex(
  tokens: TokenRow,
  units: readonly Span[],
  length: number,
  sampling: number,
  capacity: number,
  counts: Uint32Array,
): ShingleIndex {
  const index = new ShingleIndex(capacity * 1.25);
  for (const [unit, { start, end }] of units.entries()) {
    for (const { count, a, b } of hashShingles(tokens, start, end, length)) {
      for (let i = 0; i < count; i++) {
        if (a[i]! % sampling === 0 && index.add(a[i]!, b[i]!, unit)) counts[unit]!++;
      }
    }
  }
  return index;
}

/** Counts, document by document of the reference, which entries of the index occur. */
class Search {
  readonly #index: ShingleIndex;
  readonly #result: ShingleOverlap;
  /** The document in which an entry was last seen, plus one, so that each counts once a document. */
  readonly #seenIn: Uint32Array;
  readonly #counts: Uint32Array;
  #touched: number[] = [];

  constructor(index: ShingleIndex, result: ShingleOverlap) {
    this.#index = index;
    this.#result = result;
    this.#seenIn = new Uint32Array(index.size + 1);
    this.#counts = new Uint32Array(result.shingles.length);
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
      if (this.#counts[unit]! > this.#result.found[unit]!) {
        this.#result.found[unit] = this.#counts[unit]!;
        this.#result.document[unit] = document;
      }
      this.#counts[unit] = 0;
    }
    this.#touched = [];
  }
}
