import type { Dataset, TokenBatch } from '../../data/index.js';
import type { ValidationData } from '../validation-sets.js';
import type { Callback } from '../callbacks/callback.js';
import type { ChatTemplate, Tokenizer, PreprocessOptions } from '../../text/index.js';
import type { GenerationConfig, LossBatch, OwnLoss } from '../../models/interface/index.js';
import type { Module } from '../../nn/index.js';
import type { Metric } from '../../evaluation/metrics/index.js';

/** The data of a {@link Trainer}. */
export interface TrainerData extends ValidationData {
  train: Dataset;
  /** What a split keeps for the end; a trainer never looks at it. */
  test?: Dataset | undefined;
}

/** The inputs of a {@link Trainer} beside its configuration. */
export interface TrainerInputs<Model extends Module = Module> {
  /** A language model; or any module, with a loss. */
  model: Model;
  /**
   * The loss that is trained by (default: that of the language model). Evaluations of a language model go on to measure its
   * own, so that perplexities stay comparable, and this one beside it as the metric `objective`; those of another module
   * measure this one, and their perplexity is NaN.
   */
  loss?(this: void, model: Model, batch: LossBatch): OwnLoss;
  data: TrainerData;
  /** The names of trainable parameters that a ready-made optimizer leaves out (default: none). */
  leftOut?: readonly string[] | undefined;
  /** Stored with the model. */
  tokenizer?: Tokenizer | undefined;
  /** The way the model writes conversations, stored with it. */
  chatTemplate?: ChatTemplate | undefined;
  /** The steps that made text uniform before it was encoded, stored with the model. */
  preprocess?: PreprocessOptions | undefined;
  /** Settings of generation stored with the model. */
  generation?: GenerationConfig | undefined;
  /** Measured at each evaluation of the validation data, for logs, early stopping and the choice of the best model. */
  metrics?: readonly Metric<TokenBatch, Model>[] | undefined;
  /**
   * Paths of ES modules that make the model known by `registerModel`. The run folder records them, so that the command line
   * finds the model's architecture.
   */
  imports?: readonly string[] | undefined;
  /** Called in this order and after the built-in callbacks. */
  callbacks?: readonly Callback[] | undefined;
  /** The folder for configuration, metrics, checkpoints and the model; without it nothing is written. */
  runDirectory?: string | undefined;
  /** Goes on from the newest checkpoint of the folder, where there is one (default false). */
  resume?: boolean | undefined;
  /** Goes on with other training data, which begin anew, or another tokenizer (default false). */
  allowOtherData?: boolean | undefined;
  /** Ends the run after the current step, as {@link Trainer.stop} does. */
  signal?: AbortSignal | undefined;
}
