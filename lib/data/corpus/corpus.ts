import { boundaryKeys } from './boundary-tokens.js';
import type { OptionChecks } from '../../core/index.js';
import { checkOptions } from '../../core/index.js';
import type { TextSource } from '../../text/index.js';
import { encodeDocuments } from './encode-documents.js';
import type { CorpusOptions } from './encode-documents.js';
import { createTokenArray } from './tokens.js';
import type { Corpus, TokenArray } from './tokens.js';

/** The keys of {@link CorpusOptions}. */
export const corpusKeys: OptionChecks<CorpusOptions> = {
  ...boundaryKeys,
  tokenizer: true,
  separator: true,
  signal: true,
};

/**
 * Encodes all documents of a source into memory.
 *
 * @throws DataError when the source has no text
 */
export async function encodeCorpus(source: TextSource, options: CorpusOptions): Promise<Corpus> {
  checkOptions('encodeCorpus', options, corpusKeys);
  const sequences: Uint32Array[] = [];
  const starts: number[] = [];
  let length = 0;
  for await (const batch of encodeDocuments(source, options)) {
    for (const start of batch.starts) starts.push(length + start);
    sequences.push(batch.ids);
    length += batch.ids.length;
  }
  return { tokens: joinTokens(sequences, length, options.tokenizer.size), starts };
}

function joinTokens(sequences: readonly Uint32Array[], length: number, vocabSize: number): TokenArray {
  const tokens = createTokenArray(length, vocabSize);
  let offset = 0;
  for (const ids of sequences) {
    tokens.set(ids, offset);
    offset += ids.length;
  }
  return tokens;
}
