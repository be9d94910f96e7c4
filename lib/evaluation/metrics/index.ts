/** Metrics of texts. */
export { corpusBleu, selfBleu, sentenceBleu } from './bleu.js';
export type { Bleu, BleuOptions, BleuSmoothing } from './bleu.js';
export {
  computeCoverage,
  computeInterDiversity,
  computeIntraDiversity,
  computeTypeTokenRatio,
  countUniquePer100,
  computeUnknownRate,
} from './diversity.js';
export type { Token } from './ngrams.js';
export { computeDistinct, findLongestRepeatedSpan, computeRepetitionRate } from './repetition.js';
export type { RepeatedSpan } from './repetition.js';
export { compareSentenceLengths } from './sentence-lengths.js';
export type { SentenceLengthMatch } from './sentence-lengths.js';
export { tokenize13a } from './tokenize-13a.js';
