import type { OptionChecks } from '../../core/index.js';
import type { GradientExplosion } from './gradient-watch.js';

/** An evaluation with what the run was like before it. */
export interface EvaluationRecord {
  step: number;
  epoch: number;
  /** Nats a token on the validation split. */
  loss: number;
  /** The mean training loss since the evaluation before; undefined where no step was made. */
  trainLoss: number | undefined;
  /** At the step before. */
  learningRate: number | undefined;
}

/** A batch that memory was too small for. */
export interface OutOfMemoryRecord {
  step: number;
  /** Rows of the batch, and microBatches it was cut into afterwards. */
  rows: number;
  microBatches: number;
  /** True if it ended the run: not even a single row fits. */
  fatal: boolean;
}

/** The course of a run in as many numbers as it has evaluations. */
export interface RunHistory {
  /** Updates made. */
  steps: number;
  /** The training loss of update 1; undefined where it was not seen. */
  firstLoss: number | undefined;
  /** The highest learning rate and the latest. */
  peakLearningRate: number;
  lastLearningRate: number;
  /** The latest updates in a row whose learning rate was too small to learn. */
  deadSteps: number;
  evaluations: readonly EvaluationRecord[];
  explosion: GradientExplosion | undefined;
  /** The latest time that memory ran out. */
  outOfMemory: OutOfMemoryRecord | undefined;
  /** Why the run ended; undefined while it goes on. */
  end: string | undefined;
}

/** The facts of a run besides its course. A check that lacks its facts finds nothing. */
export interface RunFacts {
  /** Token ids of the model. */
  vocabSize?: number | undefined;
  /** Trainable values. */
  parameters?: number | undefined;
  /** The shapes of the weights with two axes, by name. */
  matrices?: Readonly<Record<string, readonly number[]>> | undefined;
  dropout?: number | undefined;
  /** The type of the tokenizer, as `word`. */
  tokenizer?: string | undefined;
  /** Targets of one epoch. */
  trainTokens?: number | undefined;
  /** The share of tokens that the vocabulary doesn't know, 0 … 1. */
  unknownRate?: number | undefined;
  /** The share of evaluated windows that are in the training split as well, 0 … 1. */
  sharedWindows?: number | undefined;
  maxGradNorm?: number | undefined;
  learningRate?: number | undefined;
  /** The least rate of a plateau schedule. */
  minimumLearningRate?: number | undefined;
  labelSmoothing?: number | undefined;
  /** The dtype of matrix products. */
  precision?: string | undefined;
}

/** The keys of {@link RunFacts}. */
export const runFactKeys: OptionChecks<RunFacts> = {
  vocabSize: true,
  parameters: true,
  matrices: true,
  dropout: true,
  tokenizer: true,
  trainTokens: true,
  unknownRate: true,
  sharedWindows: true,
  maxGradNorm: true,
  learningRate: true,
  minimumLearningRate: true,
  labelSmoothing: true,
  precision: true,
};

/** A generated text. */
export interface SampleRecord {
  /** Token ids without the prompt. */
  ids: readonly number[];
  /** ln P of each token under the model, before any filter. */
  logProbabilities?: readonly number[] | undefined;
  temperature?: number | undefined;
}

/** All that the checks look at. */
export interface RunRecord {
  history: RunHistory;
  facts: RunFacts;
  samples: readonly SampleRecord[];
}

/**
 * The gap between the losses of validation and training at the latest evaluation.
 * @param history - its evaluations are read
 * @returns nats a token, above 0 where validation is worse; undefined where either loss is missing
 */
export function measureGap({ evaluations }: RunHistory): number | undefined {
  const last = evaluations.at(-1);
  return last?.trainLoss === undefined ? undefined : last.loss - last.trainLoss;
}
