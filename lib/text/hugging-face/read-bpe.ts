import type { BpeVocabulary } from '../bpe-vocabulary.js';
import { readNormalizers, readPieces, readSpelling } from './read-parts.js';
import { readAddedTokens, readTokens } from './read-tokens.js';
import { inconsistent, unsupported } from './schema.js';
import type { HuggingFaceFile } from './schema.js';

/** The vocabulary of a file with a BPE model. */
export function readBpe(file: HuggingFaceFile): BpeVocabulary {
  const { model } = file;
  refuseUnknownSettings(file);
  const pieces = readPieces(file.pre_tokenizer);
  const normalizers = readNormalizers(file.normalizer);
  const { special, verbatim, normalized } = readAddedTokens(file, normalizers);
  if (model.unk_token != null && !Object.hasOwn(model.vocab, model.unk_token))
    inconsistent('model, unk_token', 'a token of the vocabulary', JSON.stringify(model.unk_token));
  return {
    tokens: readTokens(file),
    merges: readMerges(file),
    specialTokens: special,
    addedTokens: verbatim,
    normalizedTokens: normalized,
    spelling: pieces.inBytes ? { type: 'bytes' } : readSpelling(file),
    pattern: pieces.pattern,
    normalizers: [...normalizers, ...pieces.steps],
    prefixSpace: pieces.prefixSpace,
    unknownToken: model.unk_token ?? undefined,
    fuseUnknown: model.fuse_unk,
    wholePieces: model.ignore_merges,
  };
}

function refuseUnknownSettings({ model, truncation, decoder, pre_tokenizer: pieces }: HuggingFaceFile): void {
  if (truncation != null) unsupported('truncation', truncation, 'null');
  if ((model.dropout ?? 0) !== 0) unsupported('model, dropout', model.dropout, 'null or 0');
  if ((model.continuing_subword_prefix ?? '') !== '')
    unsupported('model, continuing_subword_prefix', model.continuing_subword_prefix, 'null');
  if (model.byte_fallback && (model.end_of_word_suffix ?? '') !== '')
    unsupported('model, byte_fallback', 'with end_of_word_suffix', 'without it');
  if (decoder?.type === 'ByteLevel' && pieces == null)
    unsupported('decoder', decoder, 'no ByteLevel where the pre_tokenizer is none');
}

function readMerges({ model: { merges, vocab } }: HuggingFaceFile): Uint32Array {
  if (merges === undefined) return inconsistent('model', 'merges', 'none');
  const id = (token: string): number =>
    Object.hasOwn(vocab, token)
      ? vocab[token]!
      : inconsistent('model, merges', 'tokens of the vocabulary', JSON.stringify(token));
  return Uint32Array.from(
    merges.flatMap((merge) => {
      const [left, right] = typeof merge === 'string' ? halves(merge) : merge;
      return [id(left), id(right), id(left + right)];
    }),
  );
}

function halves(merge: string): [string, string] {
  const parts = merge.split(' ');
  return parts.length === 2
    ? [parts[0]!, parts[1]!]
    : inconsistent('model, merges', 'two tokens', JSON.stringify(merge));
}
