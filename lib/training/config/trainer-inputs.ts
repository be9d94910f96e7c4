import type { Dataset, TokenBatch } from '../../data/index.js';
import type { Callback } from '../callbacks/callback.js';
import type { Tokenizer, PreprocessOptions } from '../../text/index.js';
import type { LanguageModel, GenerationConfig } from '../../models/interface/index.js';
import type { Metric } from '../../evaluation/metrics/index.js';

/** The data of a {@link Trainer}. */
export interface TrainerData {
  train: Dataset;
  /** Evaluated as a whole now and then. */
  validation?: Dataset | undefined;
}

/** The inputs of a {@link Trainer} beside its configuration. */
export interface TrainerInputs {
  model: LanguageModel;
  data: TrainerData;
  /** Stored with the model. */
  tokenizer?: Tokenizer | undefined;
  /** The steps that made text uniform before it was encoded, stored with the model. */
  preprocess?: PreprocessOptions | undefined;
  /** Settings of generation stored with the model. */
  generation?: GenerationConfig | undefined;
  /** Measured after each evaluation of the validation split, for logs and for early stopping. */
  metrics?: readonly Metric<TokenBatch>[] | undefined;
  /** Called in this order and after the built-in callbacks. */
  callbacks?: readonly Callback[] | undefined;
  /** The folder for configuration, metrics, checkpoints and the model; without it nothing is written. */
  runDirectory?: string | undefined;
  /** Goes on from the newest checkpoint of the folder, where there is one (default false). */
  resume?: boolean | undefined;
  /** Ends the run after the current step, as {@link Trainer.stop} does. */
  signal?: AbortSignal | undefined;
}
