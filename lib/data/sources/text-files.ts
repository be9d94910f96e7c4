import { isUtf8 } from 'node:buffer';
import { decompressed } from './decompressed.js';
import { FileSource, matchingPaths } from './file-source.js';
import { linesOf } from './lines.js';
import type { Line } from './lines.js';
import type { Reading } from './reading.js';
import type { FileSourceOptions } from './source-options.js';

/**
 * UTF-8 text files as a source, one document a file. Files in gzip or zstd are decompressed.
 *
 * @param patterns - paths or patterns with `*`, `?`, `[a-z]`, `{a,b}` and `**`
 * @param options - where relative patterns start, and what flaws do
 * @throws DataError when a pattern matches no file
 * @example textFiles('corpus/**\/*.txt')
 */
export function textFiles(patterns: string | readonly string[], options: FileSourceOptions = {}): FileSource {
  return new FileSource('textFiles', matchingPaths('textFiles', patterns, options.directory), options, wholeText);
}

/**
 * UTF-8 text files as a source, one document a line, without the line breaks; empty lines are left out.
 *
 * @param patterns - paths or patterns as in {@link textFiles}
 * @param options - where relative patterns start, and what flaws do
 * @throws DataError when a pattern matches no file
 */
export function textLines(patterns: string | readonly string[], options: FileSourceOptions = {}): FileSource {
  return new FileSource('textLines', matchingPaths('textLines', patterns, options.directory), options, eachLine);
}

/** Reads a file as one document. */
export async function* wholeText(path: string, reading: Reading): AsyncGenerator<readonly string[]> {
  const bytes = await allBytes(path, reading);
  const repaired = !isUtf8(bytes);
  const flaw = { number: repaired ? lineOfFlaw(bytes) : 1, repaired };
  if (!reading.accepts(path, flaw)) return;
  yield [bytes.toString('utf8').replace(/^\uFEFF/, '')];
}

/** Reads each line as a document. */
export async function* eachLine(path: string, reading: Reading): AsyncGenerator<readonly string[]> {
  for await (const lines of linesOf(path, reading)) {
    yield lines.filter((line) => line.text.trim() !== '' && reading.accepts(path, line)).map(withoutReturn);
  }
}

function withoutReturn({ text }: Line): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

async function allBytes(path: string, reading: Reading): Promise<Buffer> {
  const { documentBytes } = reading.rules.limits;
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of decompressed(path, reading)) {
    size += piece.length;
    if (size > documentBytes) reading.exceeded(path, 'documentBytes', 'a larger text');
    pieces.push(piece);
  }
  return Buffer.concat(pieces, size);
}

/** The line of the first bytes that are no UTF-8. */
function lineOfFlaw(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(10, start);
    const stop = end < 0 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(start, stop))) return line;
    start = stop;
  }
  return line;
}
