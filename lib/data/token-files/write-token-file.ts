import { raise, writeFileAtomic } from '../../core/index.js';
import type { Tokenizer } from '../../text/index.js';
import { RowWindow } from '../corpus/row-window.js';
import { countSpans } from '../corpus/spans.js';
import type { SpanList } from '../corpus/spans.js';
import { encodeHeader, computeStartsOffset } from './token-file-format.js';
import type { TokenFileHeader } from './token-file-format.js';
import { hashTokenizer } from '../corpus/tokenizer-hash.js';
import type { Corpus, TokenArray, TokenRow } from '../corpus/tokens.js';

/** Tokens, or starts, that are written at once. */
const CHUNK = 2 ** 17;

/** The content of a token file. */
interface Content {
  tokens: TokenRow;
  /** The spans of the row to write, in this order. */
  spans: SpanList;
  /** The start of each document in the written tokens; left out where each span is one. */
  starts: ArrayLike<number> | undefined;
  tokenizer: Tokenizer;
  /** Called between two chunks; ends the writing by throwing. */
  check: () => void;
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
  const spans = { starts: Float64Array.of(0), ends: Float64Array.of(tokens.length) };
  return await writeContent(path, { tokens, spans, starts, tokenizer, check: () => {} });
}

/** Writes some documents of a row, one after another, as a token file; as {@link writeTokenFile}. */
export async function writeTokenSpans(
  path: string,
  tokens: TokenRow,
  spans: SpanList,
  tokenizer: Tokenizer,
  check: () => void,
): Promise<number> {
  return await writeContent(path, { tokens, spans, starts: undefined, tokenizer, check });
}

async function writeContent(path: string, content: Content): Promise<number> {
  const { spans, starts, tokenizer } = content;
  const header: TokenFileHeader = {
    bytesPerToken: tokenizer.size <= 2 ** 16 ? 2 : 4,
    length: countSpans(spans).tokens,
    documents: starts?.length ?? spans.starts.length,
    vocabSize: tokenizer.size,
    tokenizerHash: hashTokenizer(tokenizer),
  };
  return await writeFileAtomic(path, encodeFile(header, content));
}

function* encodeFile(header: TokenFileHeader, { tokens, spans, starts, check }: Content): Generator<Uint8Array> {
  const head = encodeHeader(header);
  yield head;
  for (const chunk of iterateChunks(tokens, spans)) {
    check();
    yield encodeTokens(chunk, header);
  }
  yield new Uint8Array(computeStartsOffset(header) - head.length - header.length * header.bytesPerToken);
  for (const chunk of starts === undefined ? iterateSpanStarts(spans) : iterateStarts(starts)) {
    check();
    yield encodeStarts(chunk);
  }
}

/** The tokens of all spans in chunks of one size; each is valid until the next. */
function* iterateChunks(tokens: TokenRow, { starts, ends }: SpanList): Generator<Uint32Array> {
  const row = new RowWindow(tokens, CHUNK);
  const chunk = new Uint32Array(CHUNK);
  let filled = 0;
  for (let i = 0; i < starts.length; i++) {
    for (let at = starts[i]!; at < ends[i]!;) {
      const count = Math.min(ends[i]! - at, CHUNK - filled);
      row.copy(at, count, chunk, filled);
      at += count;
      filled = (filled + count) % CHUNK;
      if (filled === 0) yield chunk;
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}

function* iterateStarts(starts: ArrayLike<number>): Generator<Float64Array> {
  for (let at = 0; at < starts.length; at += CHUNK) {
    yield Float64Array.from({ length: Math.min(CHUNK, starts.length - at) }, (_, i) => starts[at + i]!);
  }
}

/** Where each span starts when they stand one after another, in chunks; each is valid until the next. */
function* iterateSpanStarts({ starts, ends }: SpanList): Generator<Float64Array> {
  const chunk = new Float64Array(CHUNK);
  let total = 0;
  let filled = 0;
  for (let i = 0; i < starts.length; i++) {
    chunk[filled++] = total;
    total += ends[i]! - starts[i]!;
    if (filled < CHUNK) continue;
    yield chunk;
    filled = 0;
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}

function encodeTokens(tokens: Uint32Array, { bytesPerToken, vocabSize }: TokenFileHeader): Uint8Array {
  for (const token of tokens) if (token >= vocabSize) refuseId(token, vocabSize);
  const stored: TokenArray = bytesPerToken === 2 ? new Uint16Array(tokens) : new Uint32Array(tokens);
  return new Uint8Array(stored.buffer);
}

/** As uint64, in two halves. */
function encodeStarts(starts: Float64Array): Uint8Array {
  const words = new Uint32Array(2 * starts.length);
  for (let i = 0; i < starts.length; i++) {
    words[2 * i] = starts[i]! % 2 ** 32;
    words[2 * i + 1] = starts[i]! / 2 ** 32;
  }
  return new Uint8Array(words.buffer);
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
