import { raise, writeFileAtomic } from '../../core/index.js';
import type { Tokenizer } from '../../text/index.js';
import { computeStarts } from '../corpus/split.js';
import type { Span } from '../corpus/split.js';
import { encodeHeader, computeStartsOffset } from './token-file-format.js';
import type { TokenFileHeader } from './token-file-format.js';
import { hashTokenizer } from '../corpus/tokenizer-hash.js';
import type { Corpus, TokenArray, TokenRow } from '../corpus/tokens.js';

/** Tokens, or starts, that are written at once. */
const CHUNK = 2 ** 18;

/** The content of a token file. */
interface Content {
  tokens: TokenRow;
  /** The spans of the row to write, in this order. */
  spans: readonly Span[];
  /** The start of each document in the written tokens. */
  starts: ArrayLike<number>;
  tokenizer: Tokenizer;
}

/**
 * Writes documents as a token file, atomically: two bytes a token where the vocabulary allows, else four.
 *
 * @param path - the file to appear
 * @param corpus - the documents
 * @param tokenizer - where the ids are from
 * @returns the bytes written
 * @throws ArgumentError when an id is not in the vocabulary
 * @throws PalabraError PAL_FILE when the disk refuses
 */
export async function writeTokenFile(path: string, corpus: Corpus<TokenRow>, tokenizer: Tokenizer): Promise<number> {
  const { tokens, starts } = corpus;
  return await writeContent(path, { tokens, spans: [{ start: 0, end: tokens.length }], starts, tokenizer });
}

/** Writes some documents of a row, one after another, as a token file; as {@link writeTokenFile}. */
export async function writeTokenSpans(
  path: string,
  tokens: TokenRow,
  spans: readonly Span[],
  tokenizer: Tokenizer,
): Promise<number> {
  return await writeContent(path, { tokens, spans, starts: computeStarts(spans), tokenizer });
}

async function writeContent(path: string, content: Content): Promise<number> {
  const { spans, starts, tokenizer } = content;
  const header: TokenFileHeader = {
    bytesPerToken: tokenizer.size <= 2 ** 16 ? 2 : 4,
    length: spans.reduce((sum, { start, end }) => sum + end - start, 0),
    documents: starts.length,
    vocabSize: tokenizer.size,
    tokenizerHash: hashTokenizer(tokenizer),
  };
  return await writeFileAtomic(path, encodeFile(header, content));
}

function* encodeFile(header: TokenFileHeader, { tokens, spans, starts }: Content): Generator<Uint8Array> {
  const head = encodeHeader(header);
  yield head;
  for (const chunk of iterateChunks(tokens, spans)) yield encodeTokens(chunk, header);
  yield new Uint8Array(computeStartsOffset(header) - head.length - header.length * header.bytesPerToken);
  for (let at = 0; at < starts.length; at += CHUNK) yield encodeStarts(starts, at, Math.min(starts.length, at + CHUNK));
}

/** The tokens of all spans in chunks of one size; each is valid until the next. */
function* iterateChunks(tokens: TokenRow, spans: readonly Span[]): Generator<Uint32Array> {
  const chunk = new Uint32Array(CHUNK);
  let filled = 0;
  for (const { start, end } of spans) {
    for (let at = start; at < end;) {
      const count = Math.min(end - at, CHUNK - filled);
      chunk.set(tokens.subarray(at, at + count), filled);
      at += count;
      filled = (filled + count) % CHUNK;
      if (filled === 0) yield chunk;
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}

function encodeTokens(tokens: Uint32Array, { bytesPerToken, vocabSize }: TokenFileHeader): Uint8Array {
  const unknown = tokens.find((token) => token >= vocabSize);
  if (unknown !== undefined) refuseId(unknown, vocabSize);
  const stored: TokenArray = bytesPerToken === 2 ? new Uint16Array(tokens) : new Uint32Array(tokens);
  return new Uint8Array(stored.buffer);
}

function encodeStarts(starts: ArrayLike<number>, from: number, to: number): Uint8Array {
  const stored = new BigUint64Array(to - from);
  for (let i = from; i < to; i++) stored[i - from] = BigInt(starts[i]!);
  return new Uint8Array(stored.buffer);
}

function refuseId(id: number, vocabSize: number): never {
  raise('PAL_ARGUMENT', {
    where: 'writeTokenFile',
    expected: `ids below the vocabulary size ${vocabSize}`,
    received: String(id),
    fix: 'Write with the tokenizer that made the ids.',
    details: { id, vocabSize },
  });
}
