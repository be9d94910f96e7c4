import type { BpeVocabulary } from '../tokenizers/bpe/bpe-vocabulary.js';
import { readDecoding, readSpelling } from './read-decoder.js';
import { readNormalizers, readPreTokenizer } from './read-parts.js';
import { readAddedTokens, readTokens } from './read-tokens.js';
import { throwInconsistent, throwUnsupported } from './schema.js';
import type { HuggingFaceFile } from './schema.js';

/** The vocabulary of a file with a BPE model. */
export function readBpe(file: HuggingFaceFile): BpeVocabulary {
  const { model } = file;
  refuseUnknownSettings(file);
  const preTokenizer = readPreTokenizer(file.pre_tokenizer);
  const normalizers = readNormalizers(file.normalizer);
  const { special, verbatim, normalized } = readAddedTokens(file, normalizers);
  if (model.unk_token != null && !Object.hasOwn(model.vocab, model.unk_token))
    throwInconsistent('model, unk_token', 'a token of the vocabulary', JSON.stringify(model.unk_token));
  return {
    tokens: readTokens(file),
    merges: readMerges(file),
    specialTokens: special,
    addedTokens: verbatim,
    normalizedTokens: normalized,
    spelling: preTokenizer.inBytes ? { type: 'bytes' } : readSpelling(file),
    decoding: readDecoding(file),
    pattern: preTokenizer.pattern,
    pieces: preTokenizer.pieces,
    normalizers,
    pretokenSteps: preTokenizer.normalizers,
    prefixSpace: preTokenizer.prefixSpace,
    unknownToken: model.unk_token ?? undefined,
    fuseUnknown: model.fuse_unk,
    ignoreMerges: model.ignore_merges,
  };
}

function refuseUnknownSettings({ model, truncation }: HuggingFaceFile): void {
  if (truncation != null) throwUnsupported('truncation', truncation, 'null');
  if ((model.dropout ?? 0) !== 0) throwUnsupported('model, dropout', model.dropout, 'null or 0');
  if ((model.continuing_subword_prefix ?? '') !== '')
    throwUnsupported('model, continuing_subword_prefix', model.continuing_subword_prefix, 'null');
  if (model.byte_fallback && (model.end_of_word_suffix ?? '') !== '')
    throwUnsupported('model, byte_fallback', 'with end_of_word_suffix', 'without it');
}

function readMerges({ model: { merges, vocab } }: HuggingFaceFile): Uint32Array {
  if (merges === undefined) return throwInconsistent('model', 'merges', 'none');
  const id = (token: string): number =>
    Object.hasOwn(vocab, token)
      ? vocab[token]!
      : throwInconsistent('model, merges', 'tokens of the vocabulary', JSON.stringify(token));
  return Uint32Array.from(
    merges.flatMap((merge) => {
      const [left, right] = typeof merge === 'string' ? splitMerge(merge) : merge;
      return [id(left), id(right), id(left + right)];
    }),
  );
}

function splitMerge(merge: string): [string, string] {
  const parts = merge.split(' ');
  return parts.length === 2
    ? [parts[0]!, parts[1]!]
    : throwInconsistent('model, merges', 'two tokens', JSON.stringify(merge));
}
