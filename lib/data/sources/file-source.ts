import { resolve } from 'node:path';
import { raise, show } from '../../core/index.js';
import { expandGlob, hasWildcard } from './glob.js';
import { Reading } from './reading.js';
import type { SourceReport } from './reading.js';
import { resolveReadingRules } from './source-options.js';
import type { FileSourceOptions } from './source-options.js';

/** Reads the documents of one file, some at a time. */
export type DocumentReader = (path: string, reading: Reading) => AsyncIterable<readonly string[]>;

/** Documents from files, in the order of their paths; the files are read anew at each iteration. */
export class FileSource implements AsyncIterable<string> {
  /** The absolute paths. */
  readonly paths: readonly string[];
  readonly #read: DocumentReader;
  readonly #begin: () => Reading;
  #reading: Reading;

  constructor(
    where: string,
    paths: readonly string[],
    options: FileSourceOptions,
    read: DocumentReader,
    unit: 'line' | 'row' = 'line',
  ) {
    const rules = resolveReadingRules(where, options);
    this.paths = paths;
    this.#read = read;
    this.#begin = () => new Reading(where, rules, unit);
    this.#reading = this.#begin();
  }

  /** The report of the iteration that started last. */
  get report(): Readonly<SourceReport> {
    return this.#reading.report;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    const reading = (this.#reading = this.#begin());
    for (const path of this.paths) {
      for await (const documents of this.#read(path, reading)) {
        for (const text of documents) if (reading.gives(text)) yield text;
      }
      reading.report.files++;
    }
  }
}

/**
 * The absolute paths that patterns stand for, sorted, each once.
 *
 * @throws DataError when a pattern matches no file
 */
export function matchPaths(where: string, patterns: string | readonly string[], directory = '.'): string[] {
  const start = resolve(directory);
  const list = typeof patterns === 'string' ? [patterns] : patterns;
  if (list.length === 0) throwMissing(where, 'a pattern', start);
  const paths = list.flatMap((pattern) => {
    const found = expandGlob(pattern, start);
    if (found.length === 0) throwMissing(where, `files that match ${show(pattern)}`, start, suggestPattern(pattern));
    return found;
  });
  return [...new Set(paths)].sort();
}

function suggestPattern(pattern: string): string {
  if (hasWildcard(pattern)) return 'Quote the pattern in a shell, and use ** for directories at any depth.';
  return `Check the path; for the files of a directory write ${show(`${pattern.replace(/\/$/, '')}/**`)}.`;
}

function throwMissing(where: string, expected: string, directory: string, fix = ''): never {
  raise('PAL_DATA', { where, expected, received: `none in ${directory}`, fix, details: { directory } });
}
