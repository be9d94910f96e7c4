import { generationConfigSchema } from '../interface/generation-config.js';
import { preprocessConfigSchema } from '../../text/index.js';
import { checkConfig, expectOneOf } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import type { ChatTemplate, PreprocessConfig, PreprocessOptions, Tokenizer } from '../../text/index.js';
import { weightFormats } from '../../nn/index.js';
import type { WeightFormat } from '../../nn/index.js';
import type { GenerationConfig } from '../interface/generation-config.js';
import type { LanguageModel } from '../interface/language-model.js';

/** Settings of {@link saveModel}. */
export interface SaveModelOptions {
  tokenizer?: Tokenizer;
  /** The way the model writes conversations. */
  chatTemplate?: ChatTemplate;
  /** Settings that generation starts from. */
  generation?: GenerationConfig;
  /** The preprocessing of the training text, for prompts too. */
  preprocess?: PreprocessOptions;
  /** What was measured with these weights, as plain data. */
  evaluation?: Readonly<Record<string, unknown>>;
  /** Takes the place of a folder that is already there (default false). */
  replace?: boolean;
}

/** The keys of {@link SaveModelOptions}. */
export const saveModelKeys: OptionChecks<SaveModelOptions> = {
  tokenizer: true,
  chatTemplate: true,
  generation: checkConfig(generationConfigSchema),
  preprocess: checkConfig(preprocessConfigSchema),
  evaluation: true,
  replace: true,
};

/** Settings of {@link loadModel}. */
export interface LoadModelOptions {
  /**
   * Holds the weights of linear maps and tables in a shorter type, as `quantizeWeights` does: half (`bfloat16`), a
   * quarter (`int8`) or a seventh (`int4`) of float32, for a base that is not trained (default: as they are stored).
   */
  weights?: WeightFormat;
}

/** The keys of {@link LoadModelOptions}. */
export const loadModelKeys: OptionChecks<LoadModelOptions> = {
  weights: (where, name, value) => expectOneOf(where, name, value, weightFormats),
};

/** The contents of a model folder. */
export interface LoadedModel {
  /** In evaluation mode. */
  model: LanguageModel;
  /** Undefined where the folder has none. */
  tokenizer: Tokenizer | undefined;
  /** Undefined where the folder has none. */
  chatTemplate?: ChatTemplate | undefined;
  generation: GenerationConfig;
  /** The preprocessing of prompts, for `createPreprocessor`; undefined where they are taken as they are. */
  preprocess?: PreprocessConfig | undefined;
  /** What a folder of Hugging Face says that nothing here reads; undefined for one of ours. */
  notes?: string[] | undefined;
}
