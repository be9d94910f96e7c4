/** Reports on a model as a whole. */
export { compareModels, splitTextBlocks } from './compare-models.js';
export type { CompareModelsOptions, ComparedModel, Comparison, ComparisonRow, ModelPair } from './compare-models.js';
export { computeCompletionBleu } from './completion-bleu.js';
export type { CompletionBleu, CompletionOptions } from './completion-bleu.js';
export { analyzeErrors, findUnbalancedSigns } from './error-analysis.js';
export type {
  AnalyzedText,
  ErrorAnalysis,
  ErrorAnalysisOptions,
  TextFaults,
  UnbalancedSign,
} from './error-analysis.js';
export { evaluateModel } from './evaluate-model.js';
export type { EvaluateModelOptions, EvaluationMetric, ModelReport } from './evaluate-model.js';
export { evaluationConfigSchema, scoringConfigSchema } from './evaluation-config.js';
export type { EvaluationConfig } from './evaluation-config.js';
export { describeModel } from './facts.js';
export type { ModelFacts } from './facts.js';
export { reportGenerations } from './generations.js';
export type { ByOrder, GenerationReport, GenerationReportOptions } from './generations.js';
export { checkGoals } from './goals.js';
export type { Goal, GoalCheck, Goals } from './goals.js';
export { judgePerplexity } from './judgement.js';
export type { PerplexityBand, PerplexityJudgement } from './judgement.js';
export { evaluationPrompts, evaluationSettings, selectPrompts } from './prompts.js';
export type { EvaluationSettings } from './prompts.js';
export { validateModel } from './validate-model.js';
export type { LossHistory, ValidateModelOptions, ValidationCheck, ValidationReport } from './validate-model.js';
