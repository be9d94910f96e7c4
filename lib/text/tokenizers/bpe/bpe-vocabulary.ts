import type { PretokenPattern } from '../../../native/text.js';
import type { PieceStep } from './pieces.js';
import type { Normalizer } from '../normalizers/normalizer.js';
import { decodeToken } from './token-decoding.js';
import type { TokenDecoding } from './token-decoding.js';

/** The spelling of written tokens, by which text is encoded. */
export type BpeSpelling =
  /** Each character of a written token is a byte, as in GPT-2. */
  | { readonly type: 'bytes' }
  /** Written tokens are text; `byteFallback` writes the bytes of other characters as `<0x0A>`. */
  | {
      readonly type: 'characters';
      readonly byteFallback: boolean;
      /** Suffix of the last token of each pretoken; empty for none. It stands for no text. */
      readonly endOfWord: string;
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
  readonly decoding: TokenDecoding;
  readonly pattern: PretokenPattern;
  /** Steps that cut text before the pattern does (default none). */
  readonly pieces?: readonly PieceStep[];
  readonly normalizers: readonly Normalizer[];
  /** Steps of the pre-tokenizer, made after the normalizers on the text between tokens that are found (default none). */
  readonly pretokenSteps?: readonly Normalizer[];
  /** Puts a space before a text that starts with none. */
  readonly prefixSpace: boolean;
  /** The token of unknown characters; undefined where they are an error. */
  readonly unknownToken: string | undefined;
  /** Makes neighbouring unknown characters one token. */
  readonly fuseUnknown: boolean;
  /** Makes a pretoken that is in the vocabulary that token, whatever the merges say. */
  readonly ignoreMerges: boolean;
}

/** The written form of each token, by id; tokens that are found in normalized text have the form that is found. */
export function listForms({ tokens, normalizedTokens }: BpeVocabulary): readonly string[] {
  const forms = [...tokens];
  for (const [form, id] of Object.entries(normalizedTokens)) forms[id] = form;
  return forms;
}

/** The bytes of text that each token stands for where it is neither first nor last; special tokens stand for their names. */
export function decodeTokens(forms: readonly string[], decoding: TokenDecoding): Uint8Array[] {
  return forms.map((written) => decodeToken(written, decoding));
}

/** The decoding of a vocabulary that was trained here. */
export function createDecoding(spelling: BpeSpelling): TokenDecoding {
  if (spelling.type === 'bytes') return { steps: [], bytes: 'alphabet', leadingSpace: false };
  const { endOfWord, byteFallback } = spelling;
  return {
    steps: endOfWord === '' ? [] : [{ type: 'replace', text: endOfWord, by: '' }],
    bytes: byteFallback ? 'fallback' : 'none',
    leadingSpace: false,
  };
}

/** The written form of a byte that no character covers. */
export function formatFallbackToken(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
}
