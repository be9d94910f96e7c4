import { expectCount, expectString, raise, show } from '../../core/index.js';
import type { EncodedTexts } from '../../native/text.js';
import type { TokenPlace } from './token-place.js';

/** Text to read: one string, or documents one after another. */
export type TextSource = string | Iterable<string> | AsyncIterable<string>;

/** A tokenizer as plain data, which `parseTokenizer` reads. */
export type TokenizerJSON = Record<string, unknown>;

/** Ids of special tokens around a text. */
export interface TokenTemplate {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Turns text into token ids in [0, size) and back. */
export interface Tokenizer {
  /** The tag of its stored form. */
  readonly type: string;
  /** The number of tokens: every id is smaller. */
  readonly size: number;
  /** Tokens with a meaning of their own, by name: ids that no text is encoded to. */
  readonly specialTokens?: Readonly<Record<string, number>>;
  /** Special tokens around a text that stands by itself, as its file says; `encode` leaves them out. Default: none. */
  readonly template?: TokenTemplate | undefined;
  /** True where the text of tokens starts with a space that `decode` leaves out. Default: false. */
  readonly leadingSpace?: boolean;
  /** The ends of a text at which tokens have other bytes than elsewhere. Default: none. */
  readonly places?: TokenPlace | undefined;
  /**
   * The ids of a text.
   *
   * @throws ArgumentError when the text has a lone surrogate or something the vocabulary cannot express
   */
  encode(text: string): Uint32Array;
  /**
   * The same ids, made off this thread: for long texts.
   *
   * @throws PalabraError of code PAL_ABORTED when the signal says so
   */
  encodeAsync?(text: string, options?: { signal?: AbortSignal }): Promise<Uint32Array>;
  /**
   * True where the ids of a text are those of its parts, cut before spaces and line breaks that follow a letter or a digit.
   * Default: false.
   */
  readonly wordLocal?: boolean;
  /**
   * The ids of several texts, made off this thread.
   *
   * @param texts - each encoded by itself
   * @param options - how it ends
   * @param options.signal - stops the work
   * @returns the ids of all texts one after another, and how many each has
   * @throws PalabraError of code PAL_ABORTED when the signal says so
   */
  encodeTextsAsync?(texts: readonly string[], options?: { signal?: AbortSignal | undefined }): Promise<EncodedTexts>;
  /**
   * The text of ids; bytes that are no UTF-8 become U+FFFD.
   *
   * @throws ArgumentError when an id is not in [0, size)
   */
  decode(ids: Iterable<number>): string;
  /**
   * The UTF-8 bytes of one token, which may be a part of a character.
   *
   * @param id - of the token
   * @param place - where it stands, for tokenizers with {@link Tokenizer.places} (default: neither first nor last)
   * @returns its bytes there
   * @throws ArgumentError when the id is not in [0, size)
   */
  tokenBytes(id: number, place?: TokenPlace): Uint8Array;
  /** The stored form, for `parseTokenizer`. */
  toJSON(): TokenizerJSON;
}

/** The documents of a source, one after another, whole. */
export async function* iterateDocuments(source: TextSource): AsyncGenerator<string> {
  if (typeof source === 'string') yield source;
  else yield* source;
}

/**
 * Requires well-formed UTF-16, which is what UTF-8 can express.
 *
 * @param from - where the text stands in the one that was given
 * @throws ArgumentError when there is a surrogate without its partner
 */
export function expectWellFormed(where: string, text: string, from = 0): void {
  if (expectString(where, 'text', text).isWellFormed()) return;
  const found = text.search(/\p{Surrogate}/u);
  raise('PAL_ARGUMENT', {
    where,
    expected: 'text without lone surrogates',
    received: `${show(text.slice(Math.max(0, found - 10), found + 10))} with one at index ${from + found}`,
    fix: 'Decode the text as UTF-8 first, or replace it with text.toWellFormed().',
    details: { index: from + found },
  });
}

/**
 * Requires an id in [0, size) and returns it.
 *
 * @throws ArgumentError otherwise
 */
export function expectTokenId(where: string, id: number, size: number): number {
  if (expectCount(where, 'id', id) < size) return id;
  return raise('PAL_ARGUMENT', {
    where,
    expected: `an id below the vocabulary size ${size}`,
    received: show(id),
    fix: 'Use the tokenizer that made the ids.',
    details: { id, size },
  });
}
