import { parseConfig } from '../core/index.js';
import type { Dataset } from '../data/index.js';
import type { GenerationConfig, LanguageModel } from '../models/index.js';
import { Optimizer } from '../optim/index.js';
import type { PreprocessOptions, Tokenizer } from '../text/index.js';
import type { TrainerPart } from './part.js';
import { trainerConfigSchema } from './trainer-config.js';
import type { TrainerConfig, TrainerConfigOptions } from './trainer-config.js';

/** What a {@link Trainer} trains on and what it measures itself by. */
export interface TrainerData {
  train: Dataset;
  /** Evaluated as a whole now and then. */
  validation?: Dataset | undefined;
}

/** A figure of one's own, as the BLEU of generated texts; the weights in place are those that are evaluated. */
export type TrainerMetric = (model: LanguageModel) => number | Promise<number>;

/** What a {@link Trainer} needs beside its configuration. */
export interface TrainerSubjects {
  model: LanguageModel;
  data: TrainerData;
  /** Stored with the model. */
  tokenizer?: Tokenizer | undefined;
  /** How text was made uniform before it was encoded, stored with the model. */
  preprocess?: PreprocessOptions | undefined;
  /** Settings of generation stored with the model. */
  generation?: GenerationConfig | undefined;
  /** Measured after each evaluation of the validation split, for logs and for early stopping. */
  metrics?: Readonly<Record<string, TrainerMetric>> | undefined;
  /** What goes along with the run, asked in this order and after the built-in parts. */
  parts?: readonly TrainerPart[] | undefined;
  /** The folder for configuration, metrics, checkpoints and the model; without it nothing is written. */
  runDirectory?: string | undefined;
  /** Goes on from the newest checkpoint of the folder, where there is one (default false). */
  resume?: boolean | undefined;
  /** Ends the run after the current step, as {@link Trainer.stop} does. */
  signal?: AbortSignal | undefined;
}

/** What a {@link Trainer} takes: model, data, how long to train, and any setting of {@link trainerConfigSchema}. */
export interface TrainerOptions extends Omit<TrainerConfigOptions, 'optimizer'>, TrainerSubjects {
  /** An optimizer of the model's parameters, or the configuration of one. */
  optimizer?: Optimizer | TrainerConfigOptions['optimizer'];
}

/** What resuming takes: the data, and whatever is to differ from the configuration of the run. */
export interface ResumeOptions extends Partial<Omit<TrainerOptions, 'data' | 'runDirectory' | 'resume'>> {
  data: TrainerData;
}

/** {@link TrainerOptions} taken apart and checked. */
export interface CheckedOptions {
  subjects: TrainerSubjects;
  config: TrainerConfig;
  /** The optimizer, where one was given ready-made. */
  optimizer: Optimizer | undefined;
}

/** Separates configuration from subjects. @throws ConfigError naming everything that does not fit */
export function checkedOptions(options: TrainerOptions): CheckedOptions {
  const { model, data, tokenizer, preprocess, generation, metrics, parts, ...others } = options;
  const { runDirectory, resume, signal, optimizer, ...rest } = others;
  const readyMade = optimizer instanceof Optimizer ? optimizer : undefined;
  const plain = readyMade === undefined && optimizer !== undefined ? { ...rest, optimizer } : rest;
  return {
    subjects: { model, data, tokenizer, preprocess, generation, metrics, parts, runDirectory, resume, signal },
    config: parseConfig('Trainer', trainerConfigSchema, plain),
    optimizer: readyMade,
  };
}
