import { raise } from '../core/index.js';
import { documentsOf } from '../text/index.js';
import type { TextSource, Tokenizer } from '../text/index.js';
import { boundaryTokens } from './boundary-tokens.js';
import type { BoundaryOptions } from './boundary-tokens.js';
import { tokenArray } from './tokens.js';
import type { Corpus, TokenArray } from './tokens.js';

/** Characters from which the work is worth another thread. */
const LONG_TEXT = 2 ** 15;

/** How a {@link Corpus} is made. */
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
  const pieces: Uint32Array[] = [];
  const starts: number[] = [];
  let length = 0;
  for await (const ids of encodedDocuments(source, options)) {
    starts.push(length);
    pieces.push(ids);
    length += ids.length;
  }
  return { tokens: joined(pieces, length, options.tokenizer.size), starts };
}

/**
 * The ids of each document with its boundary tokens and the separator behind all but the last.
 *
 * @param followed - whether others come behind the last
 * @throws DataError when the source has no text
 */
export async function* encodedDocuments(
  source: TextSource,
  options: CorpusOptions,
  followed = false,
): AsyncGenerator<Uint32Array> {
  const { tokenizer, separator = '' } = options;
  const { start, end } = boundaryTokens(tokenizer, options);
  const between = tokenizer.encode(separator);
  const counts = { documents: 0, tokens: 0 };
  let held: Uint32Array | undefined;
  for await (const text of documentsOf(source)) {
    if (held !== undefined) yield concatenated([held, between]);
    const ids = await encode(tokenizer, text);
    held = concatenated([start, ids, end]);
    counts.documents++;
    counts.tokens += ids.length;
  }
  if (held === undefined || counts.tokens === 0) refuseEmpty(counts.documents);
  yield followed ? concatenated([held, between]) : held;
}

/** Long texts are encoded off this thread where the tokenizer can. */
async function encode(tokenizer: Tokenizer, text: string): Promise<Uint32Array> {
  return text.length < LONG_TEXT
    ? tokenizer.encode(text)
    : await (tokenizer.encodeAsync?.(text) ?? tokenizer.encode(text));
}

function concatenated(parts: readonly Uint32Array[]): Uint32Array {
  const filled = parts.filter((part) => part.length > 0);
  if (filled.length === 1) return filled[0]!;
  const whole = new Uint32Array(filled.reduce((sum, part) => sum + part.length, 0));
  fill(whole, filled);
  return whole;
}

function joined(pieces: readonly Uint32Array[], length: number, vocabSize: number): TokenArray {
  const tokens = tokenArray(length, vocabSize);
  fill(tokens, pieces);
  return tokens;
}

function fill(whole: TokenArray, pieces: readonly Uint32Array[]): void {
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
}

function refuseEmpty(documents: number): never {
  raise('PAL_DATA', {
    where: 'encodeCorpus',
    expected: 'a source with text',
    received: documents === 0 ? 'no documents' : `${documents} empty documents`,
  });
}
