import type { TokenArray, TokenRow } from '../corpus/tokens.js';

/** Shingles that are hashed at once: about a millisecond of work. */
const BLOCK = 2 ** 14;

/** Odd multipliers of the two polynomials. */
const BASE_A = 0x9e3779b1;
const BASE_B = 0x85ebca77;

const { imul } = Math;

/** The hashes of consecutive shingles; the arrays are valid until the next block. */
export interface ShingleBlock {
  /** The start of the first of them in the row. */
  first: number;
  count: number;
  /** Two independent hashes of each. */
  a: Uint32Array;
  b: Uint32Array;
}

/** Called with both hashes of something and the number of its span. */
export type Visit = (a: number, b: number, span: number) => void;

/** Spans of a row that ascend; they need no memory of their own where each ends at the next. */
export interface RowSpans {
  starts: ArrayLike<number>;
  /** The end of a span, by its number. */
  end: (span: number) => number;
}

/**
 * Hashes the windows of `length` tokens of a row, whatever documents they reach into, in constant time each.
 *
 * @see https://doi.org/10.1147/rd.312.0249 Karp and Rabin 1987
 */
export function* hashShingles(tokens: TokenRow, length: number): Generator<ShingleBlock> {
  const total = tokens.length - length + 1;
  if (total <= 0) return;
  const [a, b] = [new Uint32Array(Math.min(BLOCK, total)), new Uint32Array(Math.min(BLOCK, total))];
  for (let first = 0; first < total; first += BLOCK) {
    const count = Math.min(BLOCK, total - first);
    const ids = mixTokens(tokens.subarray(first, first + count + length - 1));
    hashWindows(ids, length, BASE_A, a);
    hashWindows(ids, length, BASE_B, b);
    yield { first, count, a, b };
  }
}

/**
 * Visits the windows of `length` tokens within each of some spans, which ascend; the work can be left between two steps.
 *
 * @returns after each step the tokens of the row that are done
 */
export function* visitShingles(
  tokens: TokenRow,
  { starts, end: findEnd }: RowSpans,
  length: number,
  visit: Visit,
  leave: (span: number) => void = () => {},
): Generator<number> {
  let span = 0;
  for (const { first, count, a, b } of hashShingles(tokens, length)) {
    while (span < starts.length) {
      const last = findEnd(span) - length;
      for (let i = Math.max(0, starts[span]! - first); i < count && first + i <= last; i++) visit(a[i]!, b[i]!, span);
      if (last >= first + count) break;
      leave(span++);
    }
    yield first + count;
  }
  while (span < starts.length) leave(span++);
}

/** Hashes each of some spans as a whole, which follow each other; the work can be left between two steps. */
export function* hashSpans(tokens: TokenRow, { starts, end: findEnd }: RowSpans, visit: Visit): Generator<number> {
  let span = 0;
  let [a, b] = [0, 0];
  for (let first = 0; first < tokens.length; first += BLOCK) {
    const ids = mixTokens(tokens.subarray(first, first + BLOCK));
    while (span < starts.length && starts[span]! < first + ids.length) {
      const end = findEnd(span);
      const to = Math.min(end - first, ids.length);
      for (let i = Math.max(0, starts[span]! - first); i < to; i++) {
        a = (imul(a, BASE_A) + ids[i]!) | 0;
        b = (imul(b, BASE_B) + ids[i]!) | 0;
      }
      if (end > first + ids.length) break;
      visit(mixWord(a), mixWord(b), span++);
      [a, b] = [0, 0];
    }
    yield first + ids.length;
  }
}

/** Σ tᵢ · baseᵏ⁻¹⁻ⁱ mod 2^32 of every window, mixed: adding the next token and taking away the first moves it on. */
function hashWindows(tokens: Uint32Array, length: number, base: number, into: Uint32Array): void {
  const leading = computePower(base, length);
  let hash = 0;
  for (let i = 0; i < tokens.length; i++) {
    hash = (imul(hash, base) + tokens[i]!) | 0;
    if (i >= length) hash = (hash - imul(leading, tokens[i - length]!)) | 0;
    if (i >= length - 1) into[i - length + 1] = mixWord(hash);
  }
}

function mixTokens(tokens: TokenArray): Uint32Array {
  const words = new Uint32Array(tokens.length);
  for (let i = 0; i < words.length; i++) words[i] = mixWord(tokens[i]!);
  return words;
}

function computePower(base: number, exponent: number): number {
  let result = 1;
  for (let i = 0; i < exponent; i++) result = imul(result, base);
  return result;
}

/** A bijective mix of 32 bits (the MurmurHash3 finaliser). */
function mixWord(word: number): number {
  let h = word + 1;
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
