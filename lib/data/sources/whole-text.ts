import { isUtf8 } from 'node:buffer';
import { formatBytes, raise } from '../../core/index.js';
import type { TextPart } from '../../text/index.js';
import { decompressFile } from './compression/decompress.js';
import type { Reading } from './reading.js';

/** Bytes that are held before a text is given out in parts. */
const PART_BYTES = 2 ** 17;
/** A little less than JavaScript can hold in one string. */
const LONGEST_PART = 2 ** 29 - 2 ** 20;
const LINE_FEED = 10;
/** Space, line feed, carriage return. */
const SPACES: readonly number[] = [32, 10, 13];
/** Bytes of a character of UTF-8. */
const LONGEST_CHARACTER = 4;
const WORD_AT_END = /[\p{L}\p{N}]$/u;

/** Bytes of a text. */
interface Segment {
  bytes: Buffer;
  /** The line of the first, counted from 1. */
  line: number;
  /** True where more of the text follows. */
  more: boolean;
}

/** Reads a file as one document; a long one in parts, so that it need not fit into memory. */
export async function* readWholeText(path: string, reading: Reading): AsyncGenerator<readonly TextPart[]> {
  // What was given out can't be taken back: where a flaw leaves a text out, it is looked for first.
  const { onMalformed, invalidUtf8 } = reading.rules;
  if (onMalformed === 'report' && invalidUtf8 === 'malformed') {
    const line = await findInvalidLine(path, reading);
    if (line !== undefined && !reading.accepts(path, { number: line, repaired: true })) return;
  }
  let [first, repaired] = [true, false];
  for await (const { bytes, line, more } of readSegments(path, reading)) {
    if (!repaired && !isUtf8(bytes)) {
      repaired = true;
      if (!reading.accepts(path, { number: line + countLines(bytes), repaired })) return;
    }
    const text = first ? bytes.toString('utf8').replace(/^\uFEFF/, '') : bytes.toString('utf8');
    first = false;
    yield [more ? { text, more } : text];
  }
}

/** The line of the first bytes that are no UTF-8. */
async function findInvalidLine(path: string, reading: Reading): Promise<number | undefined> {
  for await (const { bytes, line } of readSegments(path, reading)) {
    if (!isUtf8(bytes)) return line + countLines(bytes);
  }
  return undefined;
}

/** A file cut where tokenizers may cut a text: before white space behind a letter or a digit. */
async function* readSegments(path: string, reading: Reading): AsyncGenerator<Segment> {
  let held: Buffer[] = [];
  let size = 0;
  let line = 1;
  for await (const chunk of decompressFile(path, reading)) {
    held.push(chunk);
    size += chunk.length;
    if (size > LONGEST_PART) refuseUncut(path, reading, line);
    const cut = size < PART_BYTES ? -1 : findLastCut(chunk);
    if (cut < 0) continue;
    const bytes = Buffer.concat(held, size);
    const segment = bytes.subarray(0, size - chunk.length + cut);
    yield { bytes: segment, line, more: true };
    line += countBreaks(segment);
    [held, size] = [[chunk.subarray(cut)], chunk.length - cut];
  }
  yield { bytes: Buffer.concat(held, size), line, more: false };
}

function refuseUncut(path: string, reading: Reading, line: number): never {
  raise('PAL_DATA', {
    where: reading.where,
    expected: `${path} to have white space behind a word in every ${formatBytes(LONGEST_PART)}, where it can be cut`,
    received: `none in as many bytes from line ${line} on`,
    fix: 'Put line breaks or spaces between its words.',
    details: { path, line },
  });
}

/** The last place in a chunk where white space follows a letter or a digit; −1 where there is none. */
function findLastCut(chunk: Buffer): number {
  for (let at = chunk.length - 1; at >= LONGEST_CHARACTER; at--) {
    const space = SPACES.includes(chunk[at]!) && !SPACES.includes(chunk[at - 1]!);
    if (space && WORD_AT_END.test(chunk.toString('utf8', at - LONGEST_CHARACTER, at))) return at;
  }
  return -1;
}

function countBreaks(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
  return count;
}

/** The lines before the first bytes that are no UTF-8. */
function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let start = 0; start < bytes.length; lines++) {
    const end = bytes.indexOf(LINE_FEED, start);
    const stop = end < 0 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(start, stop))) return lines;
    start = stop;
  }
  return lines;
}
