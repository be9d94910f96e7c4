import { parseConfig } from '../../core/index.js';
import type { TextSource } from '../tokenizers/tokenizer.js';
import { preprocessRequestSchema } from './preprocess-config.js';
import type { PreprocessConfig, PreprocessRequest } from './preprocess-config.js';
import { preprocessTexts } from './preprocessor.js';
import { trainTruecase } from './truecase.js';

/**
 * A complete description of how text is made uniform: what is to be learned and was not given, the forms of words for
 * truecasing, is learned from a text, which is then read once.
 *
 * @throws ConfigError when the request does not fit {@link preprocessRequestSchema}
 * @example const config = await learnPreprocess(text, { case: { type: 'truecase' } });
 */
export async function learnPreprocess(source: TextSource, request: PreprocessRequest): Promise<PreprocessConfig> {
  const { case: letters, ...steps } = parseConfig('learnPreprocess', preprocessRequestSchema, request);
  if (letters.type !== 'truecase') return { ...steps, case: letters };
  const { type, forms = await trainTruecase(preprocessTexts(source, steps)) } = letters;
  return { ...steps, case: { type, forms } };
}
