/** What reports hold: plain data, which renderers turn into tables, charts and pages. */
import type { GeneratedText } from '../../generation/index.js';
import type { Bleu } from '../metrics/bleu.js';
import type { SentenceLengthMatch } from '../metrics/sentence-lengths.js';
import type { ScoreReport, TextScore } from '../scoring/scores.js';
import type { ErrorAnalysis } from './error-analysis.js';
import type { PerplexityJudgement } from './judgement.js';
import type { GoalCheck } from './goals.js';
import type { ModelFacts } from './facts.js';
import type { EvaluationSettings } from './prompts.js';
import type { Interval } from '../statistics/bootstrap.js';
import type { TTest, EffectSize } from '../statistics/compare-means.js';
import type { WilcoxonTest } from '../statistics/wilcoxon.js';

/** Figures for n = 1 to 4. */
export type ByOrder = Record<1 | 2 | 3 | 4, number>;

/** Texts of a model under one setting, and metrics of them. NaN stands where a figure has nothing to count. */
export interface GenerationReport {
  settings: EvaluationSettings;
  prompts: readonly string[];
  texts: GeneratedText[];
  tokens: number;
  seconds: number;
  tokensPerSecond: number;
  /** Mean ln P of a token under the model, before any filter. */
  meanLogProbability: number;
  /** Different n-grams over all texts. */
  distinct: ByOrder;
  /** N-grams that came before in their text. */
  repetition: ByOrder;
  /** The same of each text, with its longest stretch that comes twice; NaN where a text is too short. */
  byText: { repetition: ByOrder; longestRepeatedSpan: number }[];
  /** Tokens of the longest stretch that comes twice in a text. */
  longestRepeatedSpan: number;
  /** BLEU-4 of a text against the others of its prompt; low is diverse. */
  selfBleu: number;
  typeTokenRatio: number;
  uniquePer100: number;
  interDiversity: number;
  intraDiversity: number;
  /** The share of the reference's tokens that the texts use, at equal length. */
  coverage: number;
  unknownRate: number;
  /** All figures of metrics by name, own ones with them. */
  metrics: Record<string, number>;
  sentenceLengths: SentenceLengthMatch;
  errors: ErrorAnalysis;
}

/** BLEU-1 to BLEU-4 of a model's completions against the true ones. */
export interface CompletionBleu {
  bleu: Record<1 | 2 | 3 | 4, number>;
  /** The smoothed precisions and the lengths behind them. */
  details: Bleu;
  passages: number;
  promptWords: number;
  completionWords: number;
}

/** Everything that was measured of a model. */
export interface ModelReport {
  model: ModelFacts;
  scores?: ScoreReport;
  /** The judgement of the perplexity for this tokenizer. */
  judgement?: PerplexityJudgement;
  completions?: CompletionBleu;
  /** By the name of the settings. */
  generations: Record<string, GenerationReport>;
  checks: GoalCheck[];
  /** True where every goal was reached. */
  passed: boolean;
}

/** The losses of a run, oldest first. */
export interface LossHistory {
  /** Updates made at each evaluation, where that is known. */
  steps?: readonly number[];
  /** Nats a token in training, at each evaluation. */
  train: readonly number[];
  /** Nats a token on the validation split, at each evaluation. */
  validation: readonly number[];
}

/** One line of the checklist; `passed` is undefined where nothing was given to decide it. */
export interface ValidationCheck {
  name: string;
  passed: boolean | undefined;
  /** One sentence for people. */
  explanation: string;
}

/** Result of {@link validateModel}. */
export interface ValidationReport {
  model: ModelFacts;
  validation: TextScore;
  test?: TextScore;
  /** The judgement of the validation perplexity for this tokenizer. */
  judgement: PerplexityJudgement;
  /** As it was given. */
  stored?: number;
  history?: LossHistory;
  /** Text for each prompt, at temperature 0.8. */
  generation: GenerationReport;
  /** Checkpoints of the run, the best first. */
  siblings: readonly { name: string; perplexity: number }[];
  checks: ValidationCheck[];
  /** True where no check failed. */
  passed: boolean;
}

/** One model beside the others. */
export interface ComparisonRow {
  name: string;
  epoch: number | undefined;
  report: ModelReport;
  /** Bits a byte less than those of the first model, in percent. */
  improvement: number;
  /** (1 / perplexity) / millions of parameters. */
  efficiency: number;
}

/** Two models on the same documents. */
export interface ModelPair {
  first: string;
  second: string;
  /** Bits a byte of the second minus those of the first, the mean over documents, and its paired test. */
  test: TTest;
  /** The same by ranks. */
  wilcoxon: WilcoxonTest;
  effect: EffectSize;
  /** The interval of the mean difference by resampling documents. */
  interval: Interval;
  /** The p-value of the paired test, corrected for all pairs after Holm. */
  corrected: number;
}

/** Models side by side. */
export interface Comparison {
  models: ComparisonRow[];
  /** Every pair of models. */
  pairs: ModelPair[];
  /** Documents scored. */
  documents: number;
}
