import { fileSourceKeys } from './source-options.js';
import { checkOptions } from '../../core/index.js';
import { FileSource, matchPaths } from './file-source.js';
import { readLines } from './lines.js';
import type { Line } from './lines.js';
import type { Reading } from './reading.js';
import type { FileSourceOptions } from './source-options.js';
import { readWholeText } from './whole-text.js';

/**
 * UTF-8 text files as a source, one document a file, of any size: what reads documents in parts, as `prepare` and the
 * training of tokenizers do, never holds one whole. Files in gzip or zstd are decompressed.
 *
 * @param patterns - paths or patterns with `*`, `?`, `[a-z]`, `{a,b}` and `**`
 * @param options - where relative patterns start, and what flaws do
 * @throws DataError when a pattern matches no file
 * @example textFiles('corpus/**\/*.txt')
 */
export function textFiles(patterns: string | readonly string[], options: FileSourceOptions = {}): FileSource {
  checkOptions('textFiles', options, fileSourceKeys);
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
  checkOptions('textLines', options, fileSourceKeys);
  return new FileSource('textLines', matchPaths('textLines', patterns, options.directory), options, readEachLine);
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
