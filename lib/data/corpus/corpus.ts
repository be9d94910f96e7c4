import { raise } from '../../core/index.js';
import { iterateDocuments } from '../../text/index.js';
import type { TextSource, Tokenizer } from '../../text/index.js';
import { resolveBoundaryTokens } from './boundary-tokens.js';
import type { BoundaryOptions } from './boundary-tokens.js';
import { createTokenArray } from './tokens.js';
import type { Corpus, TokenArray } from './tokens.js';

/** Characters from which the work is worth another thread. */
const LONG_TEXT = 2 ** 15;

/** Options of {@link encodeCorpus}. */
export interface CorpusOptions extends BoundaryOptions {
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
  const sequences: Uint32Array[] = [];
  const starts: number[] = [];
  let length = 0;
  for await (const ids of encodeDocuments(source, options)) {
    starts.push(length);
    sequences.push(ids);
    length += ids.length;
  }
  return { tokens: joinTokens(sequences, length, options.tokenizer.size), starts };
}

/**
 * The ids of each document with its boundary tokens and the separator behind all but the last.
 *
 * @param hasMore - true where others come behind the last
 * @throws DataError when the source has no text
 */
export async function* encodeDocuments(
  source: TextSource,
  options: CorpusOptions,
  hasMore = false,
): AsyncGenerator<Uint32Array> {
  const { tokenizer, separator = '' } = options;
  const { start, end } = resolveBoundaryTokens(tokenizer, options);
  const between = tokenizer.encode(separator);
  const counts = { documents: 0, tokens: 0 };
  let pending: Uint32Array | undefined;
  for await (const text of iterateDocuments(source)) {
    if (pending !== undefined) yield concatenate([pending, between]);
    const ids = await encodeText(tokenizer, text);
    pending = concatenate([start, ids, end]);
    counts.documents++;
    counts.tokens += ids.length;
  }
  if (pending === undefined || counts.tokens === 0) refuseEmpty(counts.documents);
  yield hasMore ? concatenate([pending, between]) : pending;
}

/** Long texts are encoded off this thread where the tokenizer can. */
async function encodeText(tokenizer: Tokenizer, text: string): Promise<Uint32Array> {
  return text.length < LONG_TEXT
    ? tokenizer.encode(text)
    : await (tokenizer.encodeAsync?.(text) ?? tokenizer.encode(text));
}

function concatenate(sequences: readonly Uint32Array[]): Uint32Array {
  const present = sequences.filter((ids) => ids.length > 0);
  if (present.length === 1) return present[0]!;
  const whole = new Uint32Array(present.reduce((sum, part) => sum + part.length, 0));
  copyInto(whole, present);
  return whole;
}

function joinTokens(sequences: readonly Uint32Array[], length: number, vocabSize: number): TokenArray {
  const tokens = createTokenArray(length, vocabSize);
  copyInto(tokens, sequences);
  return tokens;
}

function copyInto(whole: TokenArray, sequences: readonly Uint32Array[]): void {
  let offset = 0;
  for (const ids of sequences) {
    whole.set(ids, offset);
    offset += ids.length;
  }
}

function refuseEmpty(documents: number): never {
  raise('PAL_DATA', {
    where: 'encodeCorpus',
    expected: 'a source with text',
    received: documents === 0 ? 'no documents' : `${documents} empty documents`,
  });
}
