import { inside } from '../token-place.js';
import type { TokenPlace } from '../token-place.js';
import { decodeBytes } from './byte-alphabet.js';

/** A step that turns the written form of one token into its text, or into a form that the next step takes. */
export type DecodeStep =
  | { readonly type: 'replace'; readonly text: string | RegExp; readonly by: string }
  /** Leaves out a character at the start, so many times at most. */
  | { readonly type: 'strip'; readonly character: string; readonly start: number }
  /** Spaces for a character that stands for them; where `begins` says so, the first token of a text has none. */
  | { readonly type: 'metaspace'; readonly character: string; readonly begins: boolean }
  /** A space for the suffix that ends words; the last token of a text has none. */
  | { readonly type: 'suffix'; readonly suffix: string }
  /** A space before each token but the first of a text. */
  | { readonly type: 'spaced' };

/** How the text of written tokens is made, as the decoder of a file says. */
export interface TokenDecoding {
  /** Done one after another, for each token by itself. */
  readonly steps: readonly DecodeStep[];
  /**
   * What stands for bytes afterwards: every character of a token, as in GPT-2; tokens of the form `<0x0A>`; or nothing.
   */
  readonly bytes: 'alphabet' | 'fallback' | 'none';
  /** A text that starts with a space starts without it. */
  readonly leadingSpace: boolean;
}

/**
 * The places where a token has another text than elsewhere.
 * @param decoding - only its steps are read
 * @returns which ends; undefined for none
 */
export function findPlaces(decoding: TokenDecoding): TokenPlace | undefined {
  const { steps } = decoding;
  const first = steps.some((step) => step.type === 'spaced' || (step.type === 'metaspace' && step.begins));
  const last = steps.some(({ type }) => type === 'suffix');
  return first || last ? { first, last } : undefined;
}

/**
 * The bytes of text of a token.
 * @param written - as the vocabulary has it
 * @param decoding - of its tokenizer
 * @param place - where it stands in a text (default: neither first nor last)
 * @returns UTF-8, or a part of a character where the token is one
 */
export function decodeToken(written: string, decoding: TokenDecoding, place = inside): Uint8Array {
  const { steps, bytes } = decoding;
  const text = steps.reduce((made, step) => applyStep(made, step, place), written);
  const byte = bytes === 'fallback' ? parseFallbackByte(text) : undefined;
  if (byte !== undefined) return Uint8Array.of(byte);
  return (bytes === 'alphabet' ? decodeBytes(text) : undefined) ?? new TextEncoder().encode(text);
}

function applyStep(text: string, step: DecodeStep, { first, last }: TokenPlace): string {
  switch (step.type) {
    case 'replace':
      return text.replaceAll(step.text, () => step.by);
    case 'strip':
      return stripStart(text, step.character, step.start);
    case 'metaspace':
      return text.replaceAll(step.character, first && step.begins ? '' : ' ');
    case 'suffix':
      return text.replaceAll(step.suffix, last ? '' : ' ');
    case 'spaced':
      return first ? text : ` ${text}`;
  }
}

function stripStart(text: string, character: string, most: number): string {
  let at = 0;
  for (let i = 0; i < most && text.startsWith(character, at); i++) at += character.length;
  return text.slice(at);
}

/**
 * The byte that `<0x0A>` stands for.
 * @param written - a token
 * @returns the byte; undefined for any other token
 */
export function parseFallbackByte(written: string): number | undefined {
  const digits = /^<0x([0-9A-Fa-f]{2})>$/.exec(written)?.[1];
  return digits === undefined ? undefined : parseInt(digits, 16);
}
