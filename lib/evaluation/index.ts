/** Evaluation of language models: loss on unseen text, generated text, and whether a loss can be believed. */
export {
  compareSentenceLengths,
  computeCoverage,
  computeDistinct,
  computeInterDiversity,
  computeIntraDiversity,
  computeRepetitionRate,
  computeTypeTokenRatio,
  computeUnknownRate,
  corpusBleu,
  countUniquePer100,
  findLongestRepeatedSpan,
  selfBleu,
  sentenceBleu,
  tokenize13a,
} from './metrics/index.js';
export type {
  Bleu,
  BleuOptions,
  BleuSmoothing,
  Metric,
  RepeatedSpan,
  SentenceLengthMatch,
  Token,
} from './metrics/index.js';
export { BleuMetric } from './metrics/bleu-metric.js';
export type { Completion } from './metrics/bleu-metric.js';
export { TextMetric } from './metrics/text-metric.js';
export type { MeasuredText } from './metrics/text-metric.js';
export { createTextMetrics } from './metrics/text-metrics.js';
export type { TextMetricOptions } from './metrics/text-metrics.js';
export { LossMetric, evaluateDataset, listEvaluationBatches, measureBatches } from './losses/index.js';
export type { SplitLoss } from './losses/index.js';
export { measureDeletions } from './phi/measure-deletions.js';
export { buildStatisticsTable, describeControl, renderPhiPage } from './phi/phi-page.js';
export { renderPhiPictures } from './phi/phi-pictures.js';
export type { GroupMean, PhiControl, PhiLayerReport, PhiReport, PhiSeries } from './phi/phi-report.js';
export { reportPhi } from './phi/report-phi.js';
export type { ReportPhiOptions } from './phi/report-phi.js';
export { compareModels, splitTextBlocks } from './reports/compare-models.js';
export type { CompareModelsOptions, ComparedModel } from './reports/compare-models.js';
export type {
  Comparison,
  ModelPair,
  ComparisonRow,
  CompletionBleu,
  ModelReport,
  GenerationReport,
  ByOrder,
  ValidationReport,
  ValidationCheck,
  LossHistory,
} from './reports/report.js';
export { computeCompletionBleu } from './reports/completion-bleu.js';
export type { CompletionOptions } from './reports/completion-bleu.js';
export { analyzeErrors, findUnbalancedSigns } from './reports/error-analysis.js';
export type {
  AnalyzedText,
  ErrorAnalysis,
  ErrorAnalysisOptions,
  TextFaults,
  UnbalancedSign,
} from './reports/error-analysis.js';
export { evaluateModel } from './reports/evaluate-model.js';
export type { EvaluateModelOptions, EvaluationMetric } from './reports/evaluate-model.js';
export { evaluationConfigSchema, scoringConfigSchema } from './reports/evaluation-config.js';
export type { EvaluationConfig } from './reports/evaluation-config.js';
export { describeModel } from './reports/facts.js';
export type { ModelFacts } from './reports/facts.js';
export { reportGenerations } from './reports/generations.js';
export type { GenerationReportOptions } from './reports/generations.js';
export { checkGoals } from './reports/goals.js';
export type { Goal, GoalCheck, Goals } from './reports/goals.js';
export { judgePerplexity } from './reports/judgement.js';
export type { PerplexityBand, PerplexityJudgement } from './reports/judgement.js';
export { evaluationPrompts, evaluationSettings, selectPrompts } from './reports/prompts.js';
export type { EvaluationSettings } from './reports/prompts.js';
export { renderComparison } from './reports/render/comparison.js';
export type { RenderComparisonOptions } from './reports/render/comparison.js';
export { renderEvaluation } from './reports/render/evaluation.js';
export type { ReportFormat } from './reports/render/score-table.js';
export { buildLossChart } from './reports/render/loss-chart.js';
export { renderValidation } from './reports/render/validation.js';
export { validateModel } from './reports/validate-model.js';
export type { ValidateModelOptions } from './reports/validate-model.js';
export { decodeDocument, getText, splitBlocks } from './scoring/document.js';
export type { EncodedDocument, ScoredDocument } from './scoring/document.js';
export { measureDivergence } from './scoring/divergence.js';
export type { Divergence, DivergenceOptions } from './scoring/divergence.js';
export type { DynamicOptions } from './scoring/dynamic.js';
export { evaluate } from './scoring/perplexity.js';
export type { EvaluateOptions, Evaluation } from './scoring/perplexity.js';
export { measurePrefixGap } from './scoring/prefix-gap.js';
export type { PrefixGap, PrefixGapOptions } from './scoring/prefix-gap.js';
export { scoreDocuments } from './scoring/score-documents.js';
export type { ScoreDocumentsOptions } from './scoring/score-documents.js';
export type { ScoreReport, FirstTokenRule, TextScore } from './scoring/scores.js';
export { scoreTokens } from './scoring/score-tokens.js';
export type { ScoreOptions, TokenScores } from './scoring/score-tokens.js';
export { bootstrapInterval } from './statistics/bootstrap.js';
export type { BootstrapOptions, Interval } from './statistics/bootstrap.js';
export { cohenD, cohenDPaired, pairedTTest, welchTTest } from './statistics/compare-means.js';
export type { EffectSize, TTest } from './statistics/compare-means.js';
export { bonferroni, holm } from './statistics/corrections.js';
export { describeSample } from './statistics/describe-sample.js';
export type { MeanIntervals, NormalityTest, SampleDescription } from './statistics/describe-sample.js';
export { wilcoxonTest } from './statistics/wilcoxon.js';
export type { WilcoxonTest } from './statistics/wilcoxon.js';
export { assertCausal, verify } from './verify/index.js';
export type { AssertCausalOptions, Check, CheckName, Verdict, VerifyOptions, VerifyReport } from './verify/index.js';
