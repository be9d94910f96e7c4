/** Analysis of a corpus before a model is trained on it. */
export { analysisOptionsSchema, analyzeCorpus } from './corpus-analysis.js';
export type { AnalysisOptions, CorpusAnalysis } from './corpus-analysis.js';
export type { CorpusFigures, NgramAnalysis } from './corpus-figures.js';
export type { Distribution, HistogramBin } from './distribution.js';
export type { DomainTerm, ReferenceCounts } from './domain-terms.js';
export type { Duplicates } from './duplicate-counter.js';
export type { Language } from './function-words.js';
export type { CharacterAnalysis, LetterCaseAnalysis, PunctuationAnalysis } from './letters-and-marks.js';
export type { CountedPhrase } from './phrase-counter.js';
export type { Advice, Recommendation } from './report/recommendation.js';
export { countReferenceWords } from './reference-counts.js';
export { renderAnalysisHtml } from './report/report-html.js';
export type { AnalysisPageOptions } from './report/report-html.js';
export { formatAnalysis } from './report/report-text.js';
export type { SentencePatterns } from './sentence-patterns.js';
export type { VocabularyAnalysis } from './vocabulary.js';
