import type { PretokenPattern } from '../../../native/text.js';
import { decodeBytes } from './byte-alphabet.js';
import type { PieceStep } from './pieces.js';
import type { Normalizer } from '../normalizers/normalizer.js';

/** The spelling of written tokens. */
export type BpeSpelling =
  /** Each character of a written token is a byte, as in GPT-2. */
  | { readonly type: 'bytes' }
  /** Written tokens are text, after some replacements; `byteFallback` writes other bytes as `<0x0A>`. */
  | {
      readonly type: 'characters';
      readonly byteFallback: boolean;
      /** Suffix of the last token of each pretoken; empty for none. It stands for no text. */
      readonly endOfWord: string;
      /** The character that stands for a space, or empty where that is a space. */
      readonly space: string;
      /** Every text starts with one more space, which decoding leaves out. */
      readonly leadingSpace: boolean;
      /** A space stands before the text of every token; then `endOfWord` is part of it (default false). */
      readonly spaced?: boolean;
    };

/** All that byte-pair encoding and decoding need, as plain data. */
export interface BpeVocabulary {
  /** The written form of each token, by id. */
  readonly tokens: readonly string[];
  /** Left, right and merged id of each merge, in the order of their ranks. */
  readonly merges: Uint32Array;
  /** Tokens that no text is encoded as, with their ids. */
  readonly specialTokens: Readonly<Record<string, number>>;
  /** Tokens that are found in text before anything else, with their ids. */
  readonly addedTokens: Readonly<Record<string, number>>;
  /** The same, found after the normalizers. */
  readonly normalizedTokens: Readonly<Record<string, number>>;
  readonly spelling: BpeSpelling;
  readonly pattern: PretokenPattern;
  /** Steps that cut text before the pattern does (default none). */
  readonly pieces?: readonly PieceStep[];
  readonly normalizers: readonly Normalizer[];
  /** Puts a space before a text that starts with none. */
  readonly prefixSpace: boolean;
  /** The token of unknown characters; undefined where they are an error. */
  readonly unknownToken: string | undefined;
  /** Makes neighbouring unknown characters one token. */
  readonly fuseUnknown: boolean;
  /** Makes a pretoken that is in the vocabulary that token, whatever the merges say. */
  readonly ignoreMerges: boolean;
}

/** The bytes of text that each token stands for; special tokens stand for their names. */
export function decodeTokens({ tokens, spelling, normalizedTokens }: BpeVocabulary): Uint8Array[] {
  const forms = [...tokens];
  for (const [form, id] of Object.entries(normalizedTokens)) forms[id] = form;
  if (spelling.type === 'characters') return forms.map((written) => decodeToken(written, spelling));
  const encoder = new TextEncoder();
  return forms.map((written) => decodeBytes(written) ?? encoder.encode(written));
}

type CharacterSpelling = Extract<BpeSpelling, { type: 'characters' }>;

function decodeToken(written: string, { byteFallback, endOfWord, space, spaced }: CharacterSpelling): Uint8Array {
  if (spaced === true) return new TextEncoder().encode(` ${written}`);
  const byte = byteFallback ? parseFallbackByte(written) : undefined;
  if (byte !== undefined) return Uint8Array.of(byte);
  const text = endOfWord !== '' && written.endsWith(endOfWord) ? written.slice(0, -endOfWord.length) : written;
  return new TextEncoder().encode(space === '' ? text : text.replaceAll(space, ' '));
}

/** The byte that `<0x0A>` stands for. */
export function parseFallbackByte(written: string): number | undefined {
  const digits = /^<0x([0-9A-F]{2})>$/.exec(written)?.[1];
  return digits === undefined ? undefined : parseInt(digits, 16);
}

/** The written form of a byte that no character covers. */
export function formatFallbackToken(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
}
