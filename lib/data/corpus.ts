import { raise } from '../core/index.js';
import { documentsOf } from '../text/index.js';
import type { TextSource, Tokenizer } from '../text/index.js';

/** Token ids, two bytes each where the vocabulary allows. */
export type TokenArray = Uint16Array | Uint32Array;

/** A text as one row of token ids. */
export interface Corpus {
  /** The ids of all documents, one after another. */
  tokens: TokenArray;
  /** Where each document starts in `tokens`. */
  starts: readonly number[];
}

/** How a {@link Corpus} is made. */
export interface CorpusOptions {
  tokenizer: Tokenizer;
  /** Text between two documents; it counts as the end of the first. Default: none. */
  separator?: string;
}

/**
 * Encodes all documents of a source into memory.
 *
 * @throws DataError when the source has no text
 */
export async function encodeCorpus(source: TextSource, options: CorpusOptions): Promise<Corpus> {
  const { tokenizer, separator = '' } = options;
  const between = tokenizer.encode(separator);
  const pieces: Uint32Array[] = [];
  const starts: number[] = [];
  let length = 0;
  const add = (ids: Uint32Array): void => {
    pieces.push(ids);
    length += ids.length;
  };
  for await (const text of documentsOf(source)) {
    if (starts.length > 0) add(between);
    starts.push(length);
    add(tokenizer.encode(text));
  }
  if (length === 0) refuseEmpty(starts.length);
  return { tokens: joined(pieces, length, tokenizer.size), starts };
}

/** An empty array of the narrowest type that holds every id of a vocabulary. */
function tokenArray(length: number, vocabSize: number): TokenArray {
  return vocabSize <= 2 ** 16 ? new Uint16Array(length) : new Uint32Array(length);
}

function joined(pieces: readonly Uint32Array[], length: number, vocabSize: number): TokenArray {
  const tokens = tokenArray(length, vocabSize);
  let offset = 0;
  for (const piece of pieces) {
    tokens.set(piece, offset);
    offset += piece.length;
  }
  return tokens;
}

function refuseEmpty(documents: number): never {
  raise('PAL_DATA', {
    where: 'encodeCorpus',
    expected: 'a source with text',
    received: documents === 0 ? 'no documents' : `${documents} empty documents`,
  });
}
