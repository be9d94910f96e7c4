import type { PreprocessConfig, PreprocessOptions, Tokenizer } from '../../text/index.js';
import type { GenerationConfig } from '../interface/generation-config.js';
import type { LanguageModel } from '../interface/language-model.js';

/** What is stored beside the weights. */
export interface SaveModelOptions {
  tokenizer?: Tokenizer;
  /** Settings that generation starts from. */
  generation?: GenerationConfig;
  /** How the training text was made uniform, and prompts are to be. */
  preprocess?: PreprocessOptions;
  /** Takes the place of a folder that is already there (default false). */
  replace?: boolean;
}

/** What a model folder holds. */
export interface LoadedModel {
  /** In evaluation mode. */
  model: LanguageModel;
  /** Undefined where the folder has none. */
  tokenizer: Tokenizer | undefined;
  generation: GenerationConfig;
  /** How prompts are made uniform first, for `createPreprocessor`; undefined where they are taken as they are. */
  preprocess?: PreprocessConfig | undefined;
}
