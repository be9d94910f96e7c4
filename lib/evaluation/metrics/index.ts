/** What can be counted in texts. */
export { corpusBleu, selfBleu, sentenceBleu } from './bleu.js';
export type { Bleu, BleuOptions, BleuSmoothing } from './bleu.js';
export { coverage, interDiversity, intraDiversity, typeTokenRatio, uniquePer100, unknownRate } from './diversity.js';
export type { Token } from './ngrams.js';
export { distinct, longestRepeatedSpan, repetitionRate } from './repetition.js';
export type { RepeatedSpan } from './repetition.js';
export { sentenceLengthMatch } from './sentence-lengths.js';
export type { SentenceLengthMatch } from './sentence-lengths.js';
export { bleuWords } from './words.js';
