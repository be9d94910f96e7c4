import type { Normalizer } from './normalizers/normalizer.js';

/** The split of text into words: `words` parts words from punctuation, `spaces` only at white space. */
export type WordSplit = 'words' | 'spaces';

/** A vocabulary of whole words, as plain data. */
export interface WordVocabulary {
  /** Each token, by id. */
  readonly tokens: readonly string[];
  /** Tokens that no text is encoded as, but for the unknown one, with their ids. */
  readonly specialTokens: Readonly<Record<string, number>>;
  /** The special token of words that are not in the vocabulary. */
  readonly unknownToken: string;
  readonly split: WordSplit;
  readonly normalizers: readonly Normalizer[];
}

const patterns: Record<WordSplit, RegExp> = {
  words:
    /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu,
  spaces: /\P{White_Space}+/gu,
};

/** The words of a text, one after another. */
export function* splitWords(text: string, split: WordSplit): Generator<string> {
  for (const [word] of text.matchAll(patterns[split])) yield word;
}
