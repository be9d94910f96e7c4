/** Evaluation of language models: loss on unseen text, generated text, and whether a loss can be believed. */
export { corpusBleu, selfBleu, sentenceBleu } from './metrics/bleu.js';
export type { Bleu, BleuOptions, BleuSmoothing } from './metrics/bleu.js';
export {
  computeCoverage,
  computeInterDiversity,
  computeIntraDiversity,
  computeTypeTokenRatio,
  computeUnknownRate,
  countUniquePer100,
} from './metrics/diversity.js';
export { LossMetric } from './metrics/loss-metric.js';
export { evaluateDataset, measureBatches } from './metrics/measure-batches.js';
export type { SplitLoss } from './metrics/measure-batches.js';
export type { Metric } from './metrics/metric.js';
export type { Token } from './metrics/ngrams.js';
export { computeDistinct, computeRepetitionRate, findLongestRepeatedSpan } from './metrics/repetition.js';
export type { RepeatedSpan } from './metrics/repetition.js';
export { compareSentenceLengths } from './metrics/sentence-lengths.js';
export type { SentenceLengthMatch } from './metrics/sentence-lengths.js';
export { tokenize13a } from './metrics/tokenize-13a.js';
export { compareModels, splitTextBlocks } from './reports/compare-models.js';
export type {
  CompareModelsOptions,
  ComparedModel,
  Comparison,
  ComparisonRow,
  ModelPair,
} from './reports/compare-models.js';
export { computeCompletionBleu } from './reports/completion-bleu.js';
export type { CompletionBleu, CompletionOptions } from './reports/completion-bleu.js';
export { analyzeErrors, findUnbalancedSigns } from './reports/error-analysis.js';
export type {
  AnalyzedText,
  ErrorAnalysis,
  ErrorAnalysisOptions,
  TextFaults,
  UnbalancedSign,
} from './reports/error-analysis.js';
export { evaluateModel } from './reports/evaluate-model.js';
export type { EvaluateModelOptions, EvaluationMetric, ModelReport } from './reports/evaluate-model.js';
export { evaluationConfigSchema, scoringConfigSchema } from './reports/evaluation-config.js';
export type { EvaluationConfig } from './reports/evaluation-config.js';
export { describeModel } from './reports/facts.js';
export type { ModelFacts } from './reports/facts.js';
export { reportGenerations } from './reports/generations.js';
export type { ByOrder, GenerationReport, GenerationReportOptions } from './reports/generations.js';
export { checkGoals } from './reports/goals.js';
export type { Goal, GoalCheck, Goals } from './reports/goals.js';
export { judgePerplexity } from './reports/judgement.js';
export type { PerplexityBand, PerplexityJudgement } from './reports/judgement.js';
export { evaluationPrompts, evaluationSettings, selectPrompts } from './reports/prompts.js';
export type { EvaluationSettings } from './reports/prompts.js';
export { renderComparison } from './reports/render/comparison.js';
export type { RenderComparisonOptions } from './reports/render/comparison.js';
export { renderEvaluation } from './reports/render/evaluation.js';
export type { ReportFormat } from './reports/render/evaluation.js';
export { buildLossChart } from './reports/render/loss-chart.js';
export { renderValidation } from './reports/render/validation.js';
export { validateModel } from './reports/validate-model.js';
export type { LossHistory, ValidateModelOptions, ValidationCheck, ValidationReport } from './reports/validate-model.js';
export { decodeDocument, findUnknownToken, getText, splitBlocks } from './scoring/document.js';
export type { EncodedDocument, ScoredDocument } from './scoring/document.js';
export type { DynamicOptions } from './scoring/dynamic.js';
export { evaluate } from './scoring/perplexity.js';
export type { EvaluateOptions, Evaluation } from './scoring/perplexity.js';
export { scoreDocuments } from './scoring/score-documents.js';
export type { FirstTokenRule, ScoreDocumentsOptions, ScoreReport, TextScore } from './scoring/score-documents.js';
export { scoreTokens } from './scoring/score-tokens.js';
export type { ScoreOptions, TokenScores } from './scoring/score-tokens.js';
export { bootstrapInterval } from './statistics/bootstrap.js';
export type { BootstrapOptions, Interval } from './statistics/bootstrap.js';
export { cohenD, cohenDPaired, pairedTTest, welchTTest } from './statistics/compare-means.js';
export type { EffectSize, TTest } from './statistics/compare-means.js';
export { bonferroni, holm } from './statistics/corrections.js';
export { wilcoxonTest } from './statistics/wilcoxon.js';
export type { WilcoxonTest } from './statistics/wilcoxon.js';
export type { Check, CheckName, Verdict, VerifyReport } from './verify/report.js';
export { assertCausal, verify } from './verify/verify.js';
export type { AssertCausalOptions, VerifyOptions } from './verify/verify.js';
