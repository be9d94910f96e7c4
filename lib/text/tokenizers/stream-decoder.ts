import { TextDecoder } from 'node:util';
import type { Tokenizer } from './tokenizer.js';

const SPACE = 0x20;

/**
 * Turns ids into text as they come and never gives out half a character: the bytes of an unfinished
 * UTF-8 character wait for the next token.
 *
 * All texts together equal `tokenizer.decode` of all ids.
 */
export class StreamDecoder {
  readonly #tokenizer: Tokenizer;
  #decoder = createDecoder();
  /** True while a space that comes is the one that decoding leaves out. */
  #starts: boolean;

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
    this.#starts = tokenizer.leadingSpace === true;
  }

  /**
   * The text that one more token completes, often a character or a word, sometimes nothing.
   *
   * @throws ArgumentError when the id is not in the vocabulary
   */
  push(id: number): string {
    const bytes = this.#tokenizer.tokenBytes(id);
    const skip = this.#starts && bytes[0] === SPACE ? 1 : 0;
    if (bytes.length > 0) this.#starts = false;
    return this.#decoder.decode(bytes.subarray(skip), { stream: true });
  }

  /** The rest of the text: U+FFFD for an unfinished character, else nothing. Starts anew. */
  flush(): string {
    const rest = this.#decoder.decode();
    this.#decoder = createDecoder();
    this.#starts = this.#tokenizer.leadingSpace === true;
    return rest;
  }
}

function createDecoder(): TextDecoder {
  return new TextDecoder('utf-8', { ignoreBOM: true });
}
