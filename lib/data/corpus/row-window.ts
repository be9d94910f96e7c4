import type { TokenArray, TokenRow } from './tokens.js';

/** Reads short pieces of a row that ascend, many with one read. */
export class RowWindow {
  readonly #row: TokenRow;
  readonly #size: number;
  #start = 0;
  #tokens: TokenArray = new Uint16Array();

  /**
   * Begins at the start of a row.
   *
   * @param row - where the tokens are
   * @param size - tokens that are read at once
   */
  constructor(row: TokenRow, size: number) {
    this.#row = row;
    this.#size = size;
  }

  /** Copies `count` tokens from `start` on into an array, from `at` on there. */
  copy(start: number, count: number, into: Uint32Array, at: number): void {
    for (let done = 0; done < count;) {
      const from = start + done;
      if (from < this.#start || from >= this.#start + this.#tokens.length) this.#read(from);
      const within = from - this.#start;
      const some = this.#tokens.subarray(within, within + count - done);
      into.set(some, at + done);
      done += some.length;
    }
  }

  #read(start: number): void {
    this.#start = start;
    this.#tokens = this.#row.subarray(start, Math.min(start + this.#size, this.#row.length));
  }
}
