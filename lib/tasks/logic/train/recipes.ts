import type { LogicMode } from '../sequence/encode-record.js';

/** A recipe by its budget. */
export type LogicRecipeName = 'xs' | 'small' | 'full';

/** What a recipe decides. */
export interface LogicRecipe {
  preset: 'nanologic-xs' | 'nanologic-s' | 'nanologic';
  mode: LogicMode;
  vocabSize: number;
  /** Sentences that are drawn to train on, and the most of each kind that are held out. */
  records: number;
  held: number;
  /** The share of files that is held out. */
  validation: number;
  noise: number;
  epochs: number;
  harder: number;
  batchSize: number;
  accumulation: number;
  length: number;
  optimizer: 'muon' | 'adamw' | 'schedule-free';
  learningRate: number;
  weightDecay: number;
  labelSmoothing: number;
  /** Where smoothing acts: on the words of reasoning and glosses, or on every token. */
  smoothing: 'selective' | 'uniform';
  /** The weight of the contrast of right and wrong formulas, and the pass from which on it acts. */
  contrast: number;
  contrastFrom: number;
  /** The weight of each auxiliary head. */
  heads: number;
  /** One training; one with the reasoning and one without; or one with it and then stages of ever shorter outputs. */
  phases: 'one' | 'distill' | 'prune';
  /** The weight of the divergence from the teacher, in the second phase of a distillation. */
  teacher: number;
  zLoss: number;
  maxGradNorm: number;
  dropout: number;
  stochasticDepth: number;
}

const common = {
  mode: 'noThought',
  epochs: 1,
  accumulation: 1,
  weightDecay: 0.1,
  optimizer: 'muon',
  labelSmoothing: 0,
  smoothing: 'selective',
  contrast: 0,
  contrastFrom: 5,
  heads: 0,
  phases: 'one',
  teacher: 0,
  zLoss: 1e-4,
  maxGradNorm: 1,
  noise: 0.05,
  harder: 0.1,
  validation: 0.1,
  dropout: 0,
  stochasticDepth: 0,
} as const;

/**
 * Sizes, data and settings by budget. On one core `xs` takes six minutes and `small` seventy; `full` is for a GPU.
 * Sentences never come twice in `xs` and `small`, so that these need no dropout.
 */
export const logicRecipes: Readonly<Record<LogicRecipeName, LogicRecipe>> = {
  xs: {
    ...common,
    ...{ preset: 'nanologic-xs', vocabSize: 1024, records: 22_000, held: 200 },
    ...{ batchSize: 3, length: 384, learningRate: 5e-3 },
  },
  small: {
    ...common,
    ...{ preset: 'nanologic-s', vocabSize: 2048, records: 90_000, held: 400 },
    ...{ batchSize: 4, length: 384, learningRate: 4e-3 },
  },
  full: {
    ...common,
    ...{ preset: 'nanologic', vocabSize: 8000, records: 400_000, held: 1000, epochs: 3 },
    ...{ batchSize: 32, length: 1024, learningRate: 3e-3, dropout: 0.1, stochasticDepth: 0.1 },
  },
};
