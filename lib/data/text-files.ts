import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TextDecoder } from 'node:util';
import { fileFailure, raise, show } from '../core/index.js';
import { glob, hasWildcard } from './glob.js';

/** Where {@link textFiles} looks. */
export interface TextFilesOptions {
  /** Where relative patterns start. Default: the working directory. */
  directory?: string;
}

/**
 * The text of files, one document a file, in the order of their paths; read anew at each iteration.
 */
export class TextFiles implements AsyncIterable<string> {
  /** The absolute paths. */
  readonly paths: readonly string[];

  constructor(paths: readonly string[]) {
    this.paths = paths;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (const path of this.paths) yield await readText(path);
  }
}

/**
 * UTF-8 text files as a source of documents.
 *
 * @param patterns - paths or patterns with `*`, `?`, `[a-z]`, `{a,b}` and `**`
 * @param options - where relative patterns start
 * @throws DataError when a pattern matches no file
 * @example textFiles('corpus/**\/*.txt')
 */
export function textFiles(patterns: string | readonly string[], options: TextFilesOptions = {}): TextFiles {
  const directory = resolve(options.directory ?? '.');
  const list = typeof patterns === 'string' ? [patterns] : patterns;
  if (list.length === 0) missing('a pattern', 'none', directory);
  const paths = list.flatMap((pattern) => {
    const found = glob(pattern, directory);
    if (found.length === 0) missing(`files that match ${show(pattern)}`, 'none', directory, hint(pattern));
    return found;
  });
  return new TextFiles([...new Set(paths)].sort());
}

/** The text of a file without its byte order mark. */
async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => fileFailure('textFiles', path, error));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    return raise('PAL_DATA', {
      where: 'textFiles',
      expected: `${path} to be UTF-8 text`,
      received: 'bytes that are not',
      fix: 'Convert the file to UTF-8 or leave it out of the pattern.',
      details: { path },
      cause,
    });
  }
}

function hint(pattern: string): string {
  if (hasWildcard(pattern)) return 'Quote the pattern in a shell, and use ** for directories at any depth.';
  return `Check the path; for the files of a directory write ${show(`${pattern.replace(/\/$/, '')}/**`)}.`;
}

function missing(expected: string, received: string, directory: string, fix = ''): never {
  raise('PAL_DATA', {
    where: 'textFiles',
    expected,
    received: `${received} in ${directory}`,
    fix,
    details: { directory },
  });
}
