import { isUtf8 } from 'node:buffer';
import { decompressFile } from './compression/decompress.js';
import type { Reading } from './reading.js';

const LINE_FEED = 10;

/** A line without its line feed; a carriage return before that stays. */
export interface Line {
  text: string;
  /** Counted from 1. */
  number: number;
  /** Bytes that are no UTF-8 became U+FFFD in the text. */
  repaired: boolean;
}

/** The lines of a file, some at a time, decompressed and without a byte order mark. The last may lack its line feed. */
export async function* readLines(path: string, reading: Reading): AsyncGenerator<Line[]> {
  const { documentBytes } = reading.rules.limits;
  let held: Buffer[] = [];
  let heldBytes = 0;
  let number = 1;
  for await (const chunk of decompressFile(path, reading)) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      const lines = decodeLines(Buffer.concat([...held, chunk.subarray(0, end - 1)]), number);
      number += lines.length;
      checkLengths(lines, path, reading);
      yield lines;
      [held, heldBytes] = [[], 0];
    }
    held.push(chunk.subarray(end));
    heldBytes += chunk.length - end;
    if (heldBytes > documentBytes) reading.exceeded(path, 'documentBytes', `a longer line, line ${number}`);
  }
  if (heldBytes > 0) {
    const lines = decodeLines(Buffer.concat(held), number);
    checkLengths(lines, path, reading);
    yield lines;
  }
}

function checkLengths(lines: readonly Line[], path: string, reading: Reading): void {
  const { documentBytes } = reading.rules.limits;
  for (const { text, number } of lines) {
    if (text.length * 3 > documentBytes && Buffer.byteLength(text) > documentBytes) {
      reading.exceeded(path, 'documentBytes', `a longer line, line ${number}`);
    }
  }
}

function decodeLines(bytes: Buffer, first: number): Line[] {
  const texts = isUtf8(bytes) ? bytes.toString('utf8').split('\n') : undefined;
  const lines = texts?.map((text, index) => ({ text, number: first + index, repaired: false }));
  return dropByteOrderMark(lines ?? decodeOneByOne(bytes, first));
}

function decodeOneByOne(bytes: Buffer, first: number): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= bytes.length;) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    const line = bytes.subarray(start, end);
    lines.push({ text: line.toString('utf8'), number: first + lines.length, repaired: !isUtf8(line) });
    start = end + 1;
  }
  return lines;
}

function dropByteOrderMark(lines: Line[]): Line[] {
  const line = lines[0];
  if (line?.number === 1) line.text = line.text.replace(/^\uFEFF/, '');
  return lines;
}
