import { formatSuggestion, expectCount, raise, show } from '../../core/index.js';
import { CsvRows } from './csv-rows.js';
import type { CsvRow } from './csv-rows.js';
import { FileSource, matchPaths } from './file-source.js';
import type { DocumentReader } from './file-source.js';
import { readLines } from './lines.js';
import type { Reading } from './reading.js';
import type { FileSourceOptions } from './source-options.js';

/** Options of {@link csvFiles}. */
export interface CsvFilesOptions extends FileSourceOptions {
  /** The column of the text: its name in the first row, or its index from 0 in files without a row of names. */
  column: string | number;
  /** One character between fields. Default: a comma. */
  delimiter?: string;
}

/**
 * CSV files as a source, one document a row; empty lines are left out. Files in gzip or zstd are decompressed.
 *
 * A row with misplaced quotes, or with more or fewer fields than the first, is malformed.
 *
 * @param patterns - paths or patterns with `*`, `?`, `[a-z]`, `{a,b}` and `**`
 * @param options - the column, the delimiter, and what flaws do
 * @throws DataError when a pattern matches no file; while reading, when a file lacks the column
 * @see https://www.rfc-editor.org/rfc/rfc4180
 * @example csvFiles('reviews.tsv', { column: 'review', delimiter: '\t' })
 */
export function csvFiles(patterns: string | readonly string[], options: CsvFilesOptions): FileSource {
  const { column, delimiter = ',' } = options;
  if (typeof column !== 'string') expectCount('csvFiles', 'column', column);
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter)) refuseDelimiter(delimiter);
  const paths = matchPaths('csvFiles', patterns, options.directory);
  return new FileSource('csvFiles', paths, options, createCsvReader(column, delimiter));
}

/** Reads the texts of a column of CSV files. */
export function createCsvReader(column: string | number, delimiter: string): DocumentReader {
  return (path, reading) => readDocuments(path, reading, column, delimiter);
}

async function* readDocuments(
  path: string,
  reading: Reading,
  column: string | number,
  delimiter: string,
): AsyncGenerator<string[]> {
  let found: { index: number; width: number } | undefined;
  for await (const rows of readRows(path, reading, delimiter)) {
    const texts: string[] = [];
    for (const row of rows) {
      const named = found === undefined && typeof column === 'string';
      found ??= findColumn(path, reading, row, column);
      if (!named && acceptsRow(path, reading, row, found.width)) texts.push(row.fields[found.index]!);
    }
    yield texts;
  }
}

async function* readRows(path: string, reading: Reading, delimiter: string): AsyncGenerator<CsvRow[]> {
  const rows = new CsvRows(delimiter);
  for await (const lines of readLines(path, reading)) {
    yield lines.flatMap((line) => (rows.open || line.text.trim() !== '' ? (rows.push(line) ?? []) : []));
    if (rows.characters > reading.rules.limits.documentBytes) {
      reading.exceeded(path, 'documentBytes', `a longer row, from line ${rows.open?.line ?? 1}`);
    }
  }
  if (rows.open) reading.malformed({ path, line: rows.open.line, problem: 'a quote that is never closed' });
}

/** Finds the column by the first row. */
function findColumn(
  path: string,
  reading: Reading,
  { fields }: CsvRow,
  column: string | number,
): { index: number; width: number } {
  const index = typeof column === 'number' ? column : fields.indexOf(column);
  if (index >= 0 && index < fields.length) return { index, width: fields.length };
  return raise('PAL_DATA', {
    where: reading.where,
    expected:
      typeof column === 'number' ? `more than ${column} columns in ${path}` : `a column ${show(column)} in ${path}`,
    received: typeof column === 'number' ? String(fields.length) : show(fields),
    fix: typeof column === 'number' ? '' : formatSuggestion(column, fields),
    details: { path, column, columns: fields },
  });
}

function acceptsRow(path: string, reading: Reading, row: CsvRow, width: number): boolean {
  const count = row.fields.length;
  const problem = row.problem ?? (count === width ? undefined : `${count} fields in place of ${width}`);
  if (problem === undefined) return reading.accepts(path, { number: row.line, repaired: row.repaired });
  reading.malformed({ path, line: row.line, problem });
  return false;
}

function refuseDelimiter(delimiter: string): never {
  raise('PAL_ARGUMENT', {
    where: 'csvFiles',
    expected: 'delimiter to be one character other than a quote or a line break',
    received: show(delimiter),
  });
}
