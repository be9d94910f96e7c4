import type { TokenizerJSON } from '../tokenizers/tokenizer.js';
import type { WordVocabulary } from '../tokenizers/word-vocabulary.js';
import { writeAddedTokens, writeSequence, mapTokensToIds } from './write-parts.js';

/** The `tokenizer.json` of a vocabulary of words. */
export function writeWordLevel(vocabulary: WordVocabulary): TokenizerJSON {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: writeAddedTokens(vocabulary.specialTokens),
    normalizer: writeSequence('normalizers', vocabulary.normalizers),
    pre_tokenizer: { type: vocabulary.split === 'words' ? 'Whitespace' : 'WhitespaceSplit' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordLevel',
      vocab: mapTokensToIds(vocabulary.tokens),
      unk_token: vocabulary.unknownToken,
    },
  };
}
