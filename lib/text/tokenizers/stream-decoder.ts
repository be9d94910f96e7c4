import { TextDecoder } from 'node:util';
import type { Tokenizer } from './tokenizer.js';

const SPACE = 0x20;

/**
 * Turns ids into text as they come and never gives out half a character: the bytes of an unfinished
 * UTF-8 character wait for the next token, and so does a token that has another text where it is the last.
 *
 * All texts together equal `tokenizer.decode` of all ids.
 */
export class StreamDecoder {
  readonly #tokenizer: Tokenizer;
  #decoder = createDecoder();
  #first = true;
  /** True while a space that comes is the one that decoding leaves out. */
  #starts = false;
  /** A token that may be the last one. */
  #held: number | undefined;

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
    this.#restart();
  }

  /**
   * The text that one more token completes, often a character or a word, sometimes nothing.
   *
   * @throws ArgumentError when the id is not in the vocabulary
   */
  push(id: number): string {
    if (this.#tokenizer.places?.last !== true) return this.#decode(id);
    this.#tokenizer.tokenBytes(id); // An id that is none is refused now, not with the next one.
    const held = this.#held;
    this.#held = id;
    return held === undefined ? '' : this.#decode(held);
  }

  /** The rest of the text: U+FFFD for an unfinished character, else nothing. Starts anew. */
  flush(): string {
    const last = this.#held === undefined ? '' : this.#decode(this.#held, true);
    const rest = last + this.#decoder.decode();
    this.#restart();
    return rest;
  }

  #decode(id: number, last = false): string {
    const bytes = this.#tokenizer.tokenBytes(id, { first: this.#first, last });
    const skip = this.#starts && bytes[0] === SPACE ? 1 : 0;
    if (bytes.length > 0) this.#starts = false;
    this.#first = false;
    return this.#decoder.decode(bytes.subarray(skip), { stream: true });
  }

  #restart(): void {
    const { leadingSpace = false, places } = this.#tokenizer;
    this.#decoder = createDecoder();
    [this.#first, this.#held] = [true, undefined];
    this.#starts = leadingSpace && places?.first !== true;
  }
}

function createDecoder(): TextDecoder {
  return new TextDecoder('utf-8', { ignoreBOM: true });
}
