import type { TokenArray, TokenRow } from '../corpus/tokens.js';

/** Shingles that are hashed at once. */
const BLOCK = 2 ** 16;

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

/**
 * Hashes the windows of `length` tokens that start in [start, end − length], in constant time each.
 *
 * @see https://doi.org/10.1147/rd.312.0249 Karp and Rabin 1987
 */
export function* hashShingles(tokens: TokenRow, start: number, end: number, length: number): Generator<ShingleBlock> {
  const total = end - start - length + 1;
  if (total <= 0) return;
  const [a, b] = [new Uint32Array(Math.min(BLOCK, total)), new Uint32Array(Math.min(BLOCK, total))];
  for (let first = start; first + length <= end; first += BLOCK) {
    const count = Math.min(BLOCK, start + total - first);
    const ids = mixTokens(tokens.subarray(first, first + count + length - 1));
    hashWindows(ids, length, BASE_A, a);
    hashWindows(ids, length, BASE_B, b);
    yield { first, count, a, b };
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
