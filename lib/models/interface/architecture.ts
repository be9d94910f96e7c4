import type { z } from 'zod';
import type { Convention } from '../storage/hugging-face/convention.js';
import type { LanguageModel, LanguageModelConfig } from './language-model.js';

/** The size that a model has at least, by plain arithmetic. */
export interface LeastSize {
  /** Layers, each of several tensors. */
  layers: number;
  /** Numbers in its large matrices. */
  numbers: number;
}

/**
 * One kind of language model: all that the registry, the command line, presets, the check of sizes and the folders of
 * Hugging Face know about it.
 */
export interface Architecture {
  /** The name in `config.json` and on the command line. */
  readonly kind: string;
  /** The configuration: `vocabSize` and what else the model takes, each field with its default and description. */
  readonly schema: z.ZodObject<{ vocabSize: z.ZodType } & z.core.$ZodLooseShape>;
  /** Builds the model with fresh weights. @throws ConfigError when the configuration does not fit the schema */
  build(config: unknown): LanguageModel;
  /** The size that weights of a configuration have at least. @throws ConfigError when it does not fit the schema */
  measureLeastSize(config: unknown): LeastSize;
  /** The configuration's `dropout` for one share, 0 to 1: where it costs little and gains most. */
  toDropout(share: number): unknown;
  /** Configurations by name, without `vocabSize`; a name is unique among all architectures. */
  readonly presets: Readonly<Record<string, object>>;
  /** The layouts of Hugging Face folders that hold such models, the more general last. */
  readonly huggingFace: readonly Convention<never, LanguageModelConfig>[];
}
