import { parseConfig } from '../../core/index.js';
import type { TextSource } from '../tokenizer.js';
import { preprocessConfigSchema } from './preprocess-config.js';
import type { PreprocessConfig, PreprocessOptions } from './preprocess-config.js';
import { preprocessed } from './preprocessor.js';
import { trainTruecase } from './truecase.js';

/**
 * A complete description of how text is made uniform: what is to be learned and was not given, the forms of words for
 * truecasing, is learned from a text, which is then read once.
 *
 * @throws ConfigError when the options do not fit {@link preprocessConfigSchema}
 * @example const config = await learnedPreprocess(text, { case: { type: 'truecase' } });
 */
export async function learnedPreprocess(source: TextSource, options: PreprocessOptions): Promise<PreprocessConfig> {
  const config = parseConfig('learnedPreprocess', preprocessConfigSchema, options);
  if (config.case.type !== 'truecase' || config.case.forms !== undefined) return config;
  const uniform = preprocessed(source, { ...config, case: { type: 'preserve' } });
  return { ...config, case: { type: 'truecase', forms: await trainTruecase(uniform) } };
}
