import { parseConfig } from '../../core/index.js';
import type { Dataset, TokenBatch } from '../../data/index.js';
import type { Metric } from '../../evaluation/metrics/index.js';
import type { GenerationConfig, LanguageModel } from '../../models/interface/index.js';
import { Optimizer } from '../../optim/index.js';
import type { PreprocessOptions, Tokenizer } from '../../text/index.js';
import type { Callback } from '../callbacks/callback.js';
import { trainerConfigSchema } from './trainer-config.js';
import type { TrainerConfig, TrainerConfigOptions } from './trainer-config.js';

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

/** The options of a {@link Trainer}: model, data, how long to train, and any setting of {@link trainerConfigSchema}. */
export interface TrainerOptions extends Omit<TrainerConfigOptions, 'optimizer'>, TrainerInputs {
  /** An optimizer of the model's parameters, or the configuration of one. */
  optimizer?: Optimizer | TrainerConfigOptions['optimizer'];
}

/** The options of resuming: the data, and whatever is to differ from the configuration of the run. */
export interface ResumeOptions extends Partial<Omit<TrainerOptions, 'data' | 'runDirectory' | 'resume'>> {
  data: TrainerData;
}

/** {@link TrainerOptions} taken apart and checked. */
export interface ParsedOptions {
  inputs: TrainerInputs;
  config: TrainerConfig;
  /** The optimizer, where one was given ready-made. */
  optimizer: Optimizer | undefined;
}

/**
 * Separates configuration from inputs.
 * @param options - as a trainer takes them
 * @returns inputs, the configuration with its defaults, and the optimizer where it was given ready-made
 * @throws ConfigError naming everything that does not fit
 */
export function parseTrainerOptions(options: TrainerOptions): ParsedOptions {
  const { model, data, tokenizer, preprocess, generation, metrics, callbacks, ...others } = options;
  const { runDirectory, resume, signal, optimizer, ...rest } = others;
  const readyMade = optimizer instanceof Optimizer ? optimizer : undefined;
  const plain = readyMade === undefined && optimizer !== undefined ? { ...rest, optimizer } : rest;
  return {
    inputs: { model, data, tokenizer, preprocess, generation, metrics, callbacks, runDirectory, resume, signal },
    config: parseConfig('Trainer', trainerConfigSchema, plain),
    optimizer: readyMade,
  };
}
