import { parseConfig } from '../../core/index.js';
import { BpeTokenizer } from '../tokenizers/bpe/bpe-tokenizer.js';
import type { Tokenizer, TokenizerJSON } from '../tokenizers/tokenizer.js';
import { WordTokenizer } from '../tokenizers/word-tokenizer.js';
import { readBpe } from './read-bpe.js';
import { readWordLevel } from './read-word-level.js';
import { readTemplate } from './read-template.js';
import { huggingFaceSchema, throwUnsupported } from './schema.js';
import type { HuggingFaceFile } from './schema.js';

/** True for data in the form of a `tokenizer.json` of Hugging Face. */
export function isHuggingFaceForm(data: unknown): data is TokenizerJSON {
  return typeof data === 'object' && data !== null && 'model' in data;
}

/**
 * The tokenizer of a `tokenizer.json` of Hugging Face, which gives the same ids as its own library does for text
 * without special tokens.
 *
 * @throws ConfigError when the file contradicts itself
 * @throws PalabraError of code PAL_UNSUPPORTED when it needs something that is not known here
 */
export function readHuggingFace(data: TokenizerJSON): Tokenizer {
  const file = parseConfig('parseTokenizer', huggingFaceSchema, data);
  const { model: _, ...extra } = data;
  return createTokenizer(file, extra);
}

function createTokenizer(file: HuggingFaceFile, extra: TokenizerJSON): Tokenizer {
  const template = readTemplate(file.post_processor);
  if (file.model.type === 'BPE') return new BpeTokenizer(readBpe(file), extra, template);
  if (file.model.type === 'WordLevel') return new WordTokenizer(readWordLevel(file), extra, template);
  return throwUnsupported('model', file.model.type, 'BPE or WordLevel');
}
