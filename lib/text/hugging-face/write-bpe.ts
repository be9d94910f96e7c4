import type { BpeVocabulary } from '../tokenizers/bpe/bpe-vocabulary.js';
import type { TokenizerJSON } from '../tokenizers/tokenizer.js';
import { regularExpressions } from './patterns.js';
import { writeAddedTokens, writeSequence, mapTokensToIds } from './write-parts.js';

/** The `tokenizer.json` of a vocabulary that was trained here. */
export function writeBpe(vocabulary: BpeVocabulary): TokenizerJSON {
  const { tokens, merges, spelling, normalizers, unknownToken } = vocabulary;
  const ending = spelling.type === 'characters' ? spelling.endOfWord : '';
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: writeAddedTokens(vocabulary.specialTokens),
    normalizer: writeSequence('normalizers', normalizers),
    pre_tokenizer: writePreTokenizer(vocabulary),
    post_processor: null,
    decoder: writeDecoder(vocabulary),
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: unknownToken ?? null,
      continuing_subword_prefix: null,
      end_of_word_suffix: ending === '' ? null : ending,
      fuse_unk: vocabulary.fuseUnknown,
      byte_fallback: spelling.type === 'characters' && spelling.byteFallback,
      ignore_merges: vocabulary.ignoreMerges,
      vocab: mapTokensToIds(tokens),
      merges: Array.from({ length: merges.length / 3 }, (_, i) => [tokens[merges[3 * i]!], tokens[merges[3 * i + 1]!]]),
    },
  };
}

function writePreTokenizer({ pattern, spelling, prefixSpace }: BpeVocabulary): unknown {
  const inBytes = spelling.type === 'bytes';
  const byteLevel = { type: 'ByteLevel', add_prefix_space: prefixSpace, trim_offsets: true };
  if (inBytes && pattern === 'gpt-2') return { ...byteLevel, use_regex: true };
  if (pattern === 'gpt-2-digits')
    return writeSequence('pretokenizers', [
      { type: 'Digits', individual_digits: true },
      { ...byteLevel, use_regex: true },
    ]);
  const cut = pattern === 'none' || pattern === 'metaspace' ? [] : [writeSplit(regularExpressions[pattern])];
  return writeSequence('pretokenizers', [...cut, ...(inBytes ? [{ ...byteLevel, use_regex: false }] : [])]);
}

function writeSplit(expression: string) {
  return { type: 'Split', pattern: { Regex: expression }, behavior: 'Isolated', invert: false };
}

function writeDecoder({ spelling }: BpeVocabulary): unknown {
  if (spelling.type === 'bytes')
    return { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true };
  const { endOfWord, byteFallback } = spelling;
  return writeSequence('decoders', [
    ...(endOfWord === '' ? [] : [{ type: 'Replace', pattern: { String: endOfWord }, content: '' }]),
    ...(byteFallback ? [{ type: 'ByteFallback' }] : []),
    { type: 'Fuse' },
  ]);
}
