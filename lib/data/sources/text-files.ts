import { isUtf8 } from 'node:buffer';
import { decompressFile } from './compression/decompress.js';
import { FileSource, matchPaths } from './file-source.js';
import { readLines } from './lines.js';
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
  return new FileSource('textFiles', matchPaths('textFiles', patterns, options.directory), options, readWholeText);
}

/**
 * UTF-8 text files as a source, one document a line, without the line breaks; empty lines are left out.
 *
 * @param patterns - paths or patterns as in {@link textFiles}
 * @param options - where relative patterns start, and what flaws do
 * @throws DataError when a pattern matches no file
 */
export function textLines(patterns: string | readonly string[], options: FileSourceOptions = {}): FileSource {
  return new FileSource('textLines', matchPaths('textLines', patterns, options.directory), options, readEachLine);
}

/** Reads a file as one document. */
export async function* readWholeText(path: string, reading: Reading): AsyncGenerator<readonly string[]> {
  const bytes = await readBytes(path, reading);
  const repaired = !isUtf8(bytes);
  const flaw = { number: repaired ? findInvalidLine(bytes) : 1, repaired };
  if (!reading.accepts(path, flaw)) return;
  yield [bytes.toString('utf8').replace(/^\uFEFF/, '')];
}

/** Reads each line as a document. */
export async function* readEachLine(path: string, reading: Reading): AsyncGenerator<readonly string[]> {
  for await (const lines of readLines(path, reading)) {
    yield lines.filter((line) => line.text.trim() !== '' && reading.accepts(path, line)).map(trimReturn);
  }
}

function trimReturn({ text }: Line): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

async function readBytes(path: string, reading: Reading): Promise<Buffer> {
  const { documentBytes } = reading.rules.limits;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of decompressFile(path, reading)) {
    size += chunk.length;
    if (size > documentBytes) reading.exceeded(path, 'documentBytes', 'a larger text');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** The line of the first bytes that are no UTF-8. */
function findInvalidLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(10, start);
    const stop = end < 0 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(start, stop))) return line;
    start = stop;
  }
  return line;
}
