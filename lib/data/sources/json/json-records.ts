import { checkOptions } from '../../../core/index.js';
import { matchPaths } from '../file-source.js';
import { readLines } from '../lines.js';
import { Reading } from '../reading.js';
import type { SourceReport } from '../reading.js';
import { fileSourceKeys, resolveReadingRules } from '../source-options.js';
import type { FileSourceOptions } from '../source-options.js';
import { parseRecord } from './json-lines.js';

/** A value of a file in JSON Lines, and where it stands. */
export interface JsonRecord {
  path: string;
  /** Counted from 1. */
  line: number;
  value: unknown;
}

/** Values from files in JSON Lines, in the order of the paths; the files are read anew at each iteration. */
export class JsonRecordSource implements AsyncIterable<JsonRecord> {
  /** The absolute paths. */
  readonly paths: readonly string[];
  readonly #begin: () => Reading;
  #reading: Reading;

  /**
   * Finds the files; they may be compressed by gzip or zstd.
   *
   * @param patterns - paths or patterns with `*`, `?`, `[a-z]`, `{a,b}` and `**`
   * @param options - what flaws do, and limits
   * @throws DataError when a pattern matches no file
   */
  constructor(patterns: string | readonly string[], options: FileSourceOptions = {}) {
    const where = 'JsonRecordSource';
    checkOptions(where, options, fileSourceKeys);
    const rules = resolveReadingRules(where, options);
    this.paths = matchPaths(where, patterns, options.directory);
    this.#begin = () => new Reading(where, rules, 'line');
    this.#reading = this.#begin();
  }

  /** The report of the iteration that started last. */
  get report(): Readonly<SourceReport> {
    return this.#reading.report;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<JsonRecord> {
    const reading = (this.#reading = this.#begin());
    for (const path of this.paths) {
      for await (const lines of readLines(path, reading)) {
        for (const line of lines) {
          const record = parseRecord(path, line, reading);
          if (record !== undefined) yield { path, line: line.number, value: record.value };
        }
      }
      reading.report.files++;
    }
  }
}
