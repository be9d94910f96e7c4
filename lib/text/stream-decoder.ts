import { TextDecoder } from 'node:util';
import type { Tokenizer } from './tokenizer.js';

/**
 * Turns ids into text as they come and never gives out half a character: the bytes of an unfinished
 * UTF-8 character wait for the next token.
 *
 * All pieces together equal `tokenizer.decode` of all ids.
 */
export class StreamDecoder {
  readonly #tokenizer: Tokenizer;
  #decoder = newDecoder();

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
  }

  /**
   * The text that one more token completes, often a character or a word, sometimes nothing.
   *
   * @throws ArgumentError when the id is not in the vocabulary
   */
  push(id: number): string {
    return this.#decoder.decode(this.#tokenizer.tokenBytes(id), { stream: true });
  }

  /** What is left at the end: U+FFFD for an unfinished character, else nothing. Starts anew. */
  flush(): string {
    const rest = this.#decoder.decode();
    this.#decoder = newDecoder();
    return rest;
  }
}

function newDecoder(): TextDecoder {
  return new TextDecoder('utf-8', { ignoreBOM: true });
}
