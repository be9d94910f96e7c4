/** What a metric is, and metrics of texts. */
export { corpusBleu, selfBleu, sentenceBleu } from './bleu.js';
export type { Bleu, BleuOptions, BleuSmoothing } from './bleu.js';
export {
  computeCoverage,
  computeInterDiversity,
  computeIntraDiversity,
  computeTypeTokenRatio,
  computeUnknownRate,
  countUniquePer100,
} from './diversity.js';
export type { Metric } from './metric.js';
export type { Token } from './ngrams.js';
export { computeDistinct, computeRepetitionRate, findLongestRepeatedSpan } from './repetition.js';
export type { RepeatedSpan } from './repetition.js';
export { compareSentenceLengths } from './sentence-lengths.js';
export type { SentenceLengthMatch } from './sentence-lengths.js';
export { tokenize13a } from './tokenize-13a.js';
