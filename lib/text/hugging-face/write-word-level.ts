import type { TokenizerJSON } from '../tokenizer.js';
import type { WordVocabulary } from '../word-vocabulary.js';
import { addedTokens, sequence, vocabularyEntries } from './write-parts.js';

/** The `tokenizer.json` of a vocabulary of words. */
export function writeWordLevel(vocabulary: WordVocabulary): TokenizerJSON {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens(vocabulary.specialTokens),
    normalizer: sequence('normalizers', vocabulary.normalizers),
    pre_tokenizer: { type: vocabulary.split === 'words' ? 'Whitespace' : 'WhitespaceSplit' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordLevel',
      vocab: vocabularyEntries(vocabulary.tokens),
      unk_token: vocabulary.unknownToken,
    },
  };
}
