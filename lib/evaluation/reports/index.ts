/** What is said of a model as a whole. */
export { compareModels, textBlocks } from './compare-models.js';
export type { CompareModelsOptions, ComparedModel, Comparison, ComparisonRow, ModelPair } from './compare-models.js';
export { continuationBleu } from './continuations.js';
export type { ContinuationBleu, ContinuationOptions } from './continuations.js';
export { analyseErrors, unbalancedSigns } from './error-analysis.js';
export type {
  AnalysedText,
  ErrorAnalysis,
  ErrorAnalysisOptions,
  TextFaults,
  UnbalancedSign,
} from './error-analysis.js';
export { evaluateModel } from './evaluate-model.js';
export type { EvaluateModelOptions, EvaluationMetric, ModelReport } from './evaluate-model.js';
export { evaluationConfigSchema, scoringConfigSchema } from './evaluation-config.js';
export type { EvaluationConfig } from './evaluation-config.js';
export { factsOf } from './facts.js';
export type { ModelFacts } from './facts.js';
export { reportGenerations } from './generations.js';
export type { ByOrder, GenerationReport, GenerationReportOptions } from './generations.js';
export { checkGoals } from './goals.js';
export type { Goal, GoalCheck, Goals } from './goals.js';
export { judgePerplexity } from './judgement.js';
export type { PerplexityBand, PerplexityJudgement } from './judgement.js';
export { evaluationPrompts, evaluationSettings, usablePrompts } from './prompts.js';
export type { EvaluationSettings } from './prompts.js';
export { validateModel } from './validate-model.js';
export type { LossHistory, ValidateModelOptions, ValidationCheck, ValidationReport } from './validate-model.js';
