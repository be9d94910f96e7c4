/** Token ids in memory, two bytes each where the vocabulary allows. */
export type TokenArray = Uint16Array | Uint32Array;

/** A row of token ids, in memory or in a file: a {@link TokenArray} is one. */
export interface TokenRow {
  readonly length: number;
  /** The ids of [start, end). */
  subarray(start: number, end: number): TokenArray;
}

/** Documents as one row of token ids. */
export interface Corpus<T extends TokenRow = TokenArray> {
  /** The ids of all documents, one after another. */
  tokens: T;
  /** The start of each document in `tokens`, ascending. */
  starts: ArrayLike<number>;
}

/** An empty array of the narrowest type that holds every id of a vocabulary. */
export function createTokenArray(length: number, vocabSize: number): TokenArray {
  return vocabSize <= 2 ** 16 ? new Uint16Array(length) : new Uint32Array(length);
}
