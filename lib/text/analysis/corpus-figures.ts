import type { Distribution } from './distribution.js';
import type { DomainTerm } from './domain-terms.js';
import type { Duplicates } from './duplicate-counter.js';
import type { CharacterAnalysis, LetterCaseAnalysis, PunctuationAnalysis } from './letters-and-marks.js';
import type { CountedPhrase } from './phrase-counter.js';
import type { SentencePatterns } from './sentence-patterns.js';
import type { VocabularyAnalysis } from './vocabulary.js';

/** N-grams of words and marks. */
export interface NgramAnalysis {
  total: number;
  /** Different ones; too few where `undercount` is above 0. */
  distinct: number;
  /** The commonest with their shares. */
  top: CountedPhrase[];
  /** The share of all that those make up. */
  coverage: number;
  /** The most by which a count may be too small, as memory is bounded. */
  undercount: number;
}

/** Counts of a corpus. A token is a word or a mark; shares are parts of 1. */
export interface CorpusFigures {
  version: 1;
  counts: {
    documents: number;
    lines: number;
    sentences: number;
    tokens: number;
    words: number;
    /** Different tokens. */
    types: number;
    characters: number;
    /** In UTF-8. */
    bytes: number;
  };
  /** Types over tokens: of all, and the mean over windows of 1,000 tokens, which may be compared between corpora. */
  typeTokenRatio: { raw: number; per1000: number | undefined };
  /** In tokens. */
  sentenceLengths: Distribution;
  ngrams: { unigrams: NgramAnalysis; bigrams: NgramAnalysis; trigrams: NgramAnalysis };
  vocabulary: VocabularyAnalysis;
  patterns: SentencePatterns;
  /** Undefined without a reference. */
  domainTerms: DomainTerm[] | undefined;
  punctuation: PunctuationAnalysis;
  letterCase: LetterCaseAnalysis;
  characters: CharacterAnalysis;
  duplicates: { documents: Duplicates; lines: Duplicates };
}
