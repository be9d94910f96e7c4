import type { NamedHistograms } from './callbacks/histograms/histogram.js';

/** The figures of one validation set. */
export interface SetEvaluation {
  /** Nats a token, without label smoothing; of a module that is no language model the trainer's `loss` a target. */
  loss: number;
  /** The exponential of the loss of a language model; NaN for another module. */
  perplexity: number;
  /** Tokens predicted. */
  tokens: number;
  /** The figures of one's own that the trainer was given, by name; absent where it was given none. */
  metrics?: Readonly<Record<string, number>>;
}

/** One evaluation of the validation data; of several sets the figures are those of the first. */
export interface TrainerEvaluation extends SetEvaluation {
  /** The update after which it was made. */
  step: number;
  /** Passes over the training data at that point. */
  epoch: number;
  /** True if no evaluation before was better by the trainer's `bestMetric`. */
  best: boolean;
  /** The figures of each validation set by its name; absent where there is one without a name. */
  sets?: Readonly<Record<string, SetEvaluation>>;
}

/** One update of the weights. */
export interface TrainerStep {
  /** Updates made so far, counted from 1. */
  index: number;
  /** Nats a token before the update, as trained on: with label smoothing and dropout. */
  loss: number;
  /** The norm of all gradients before clipping. */
  gradNorm: number;
  learningRate: number;
  /** Targets that counted in this update. */
  tokens: number;
  /** Targets that counted since the first update. */
  totalTokens: number;
  /** Passes over the training data so far; a part of one as a fraction. */
  epoch: number;
  /** Seconds spent on this update. */
  seconds: number;
  tokensPerSecond: number;
  /** The most CPU memory that all tensors of the process took at once. */
  peakBytes: number;
  /** True if the update was skipped because scaled float16 gradients overflowed. */
  skipped: boolean;
  /** The auxiliary losses and metrics of the model by name, each a counted target; absent where it reports none. */
  metrics?: Readonly<Record<string, number>>;
  /** The bound on the norm of the gradients; undefined where there is none. */
  maxGradNorm: number | undefined;
  /** Present after steps that were followed by an evaluation. */
  validation?: TrainerEvaluation;
  /** The figures that were logged since the step before, by name; absent where there are none. */
  logged?: Readonly<Record<string, number>>;
}

/** Something other than a step that a run went through. */
export type TrainerEvent =
  /** Memory ran out; the same update is made again with smaller micro-batches. */
  | { type: 'out-of-memory'; step: number; rows: number; microBatches: number }
  /** The scaled gradients of float16 overflowed; no weight changed, and the scale is smaller now. */
  | { type: 'skipped-update'; step: number; scale: number }
  /** A checkpoint is on the disk. */
  | { type: 'checkpoint'; step: number; path: string; seconds: number; bytes: number }
  /** A checkpoint could not be read and an older one was taken. */
  | { type: 'damaged-checkpoint'; path: string; problem: string }
  /** Figures that a callback or a loop has logged, after so many updates. */
  | { type: 'log'; step: number; values: Readonly<Record<string, number>> }
  /** The values of all weights and gradients by the names of parameters, after so many updates. */
  | { type: 'histograms'; step: number; weights: NamedHistograms; gradients: NamedHistograms };
