import { expectTokenId } from './tokenizer.js';

/** The bytes of every token, for decoding. */
export class TokenTable {
  readonly #where: string;
  readonly #bytes: Uint8Array;
  /** The start of each token in the bytes, and their end. */
  readonly #starts: Uint32Array;

  constructor(where: string, tokens: readonly Uint8Array[]) {
    this.#where = where;
    this.#bytes = new Uint8Array(Buffer.concat(tokens));
    this.#starts = new Uint32Array(tokens.length + 1);
    tokens.forEach((token, id) => (this.#starts[id + 1] = this.#starts[id]! + token.length));
  }

  /** A copy of one token's bytes. */
  bytes(id: number): Uint8Array {
    expectTokenId(`${this.#where}.tokenBytes`, id, this.#starts.length - 1);
    return this.#bytes.slice(this.#starts[id], this.#starts[id + 1]);
  }

  /** The text of ids; bytes that are no UTF-8 become U+FFFD. */
  decode(ids: Iterable<number>): string {
    const list = ArrayBuffer.isView(ids) || Array.isArray(ids) ? (ids as Iterable<number>) : [...ids];
    const text = new Uint8Array(this.#length(list));
    let at = 0;
    for (const id of list) {
      const end = this.#starts[id + 1]!;
      for (let from = this.#starts[id]!; from < end; from++) text[at++] = this.#bytes[from]!;
    }
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(text);
  }

  #length(ids: Iterable<number>): number {
    const size = this.#starts.length - 1;
    let length = 0;
    for (const id of ids) {
      expectTokenId(`${this.#where}.decode`, id, size);
      length += this.#starts[id + 1]! - this.#starts[id]!;
    }
    return length;
  }
}
