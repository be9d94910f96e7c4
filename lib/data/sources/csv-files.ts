import type { OptionChecks } from '../../core/index.js';
import { fileSourceKeys } from './source-options.js';
import { checkOptions, expectCount, formatSuggestion, raise, show } from '../../core/index.js';
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
  /** One character around fields with others inside; '' for none. Default: a double quote, none between tabs. */
  quote?: string;
}

/** The keys of {@link CsvFilesOptions}. */
export const csvFilesKeys: OptionChecks<CsvFilesOptions> = {
  ...fileSourceKeys,
  column: true,
  delimiter: true,
  quote: true,
};

/**
 * CSV files as a source, one document a row; empty lines are left out. Files in gzip or zstd are decompressed.
 *
 * A row whose last quote is never closed, or with more or fewer fields than the first, is malformed. Quotes elsewhere are read
 * as Python's reader does.
 *
 * @param patterns - paths or patterns with `*`, `?`, `[a-z]`, `{a,b}` and `**`
 * @param options - the column, the delimiter, and what flaws do
 * @throws DataError when a pattern matches no file; while reading, when a file lacks the column
 * @see https://www.rfc-editor.org/rfc/rfc4180
 * @example csvFiles('reviews.tsv', { column: 'review', delimiter: '\t' })
 */
export function csvFiles(patterns: string | readonly string[], options: CsvFilesOptions): FileSource {
  const { column, delimiter = ',', ...others } = checkOptions('csvFiles', options, csvFilesKeys);
  const { quote = getUsualQuote(delimiter), ...reading } = others;
  if (typeof column !== 'string') expectCount('csvFiles', 'column', column);
  if (delimiter.length !== 1 || /[\r\n]/.test(delimiter)) refuseMark('delimiter to be one character', delimiter);
  if (quote.length > 1 || /[\r\n]/.test(quote)) refuseMark("quote to be one character or ''", quote);
  if (quote === delimiter) refuseMark('delimiter and quote to differ', delimiter);
  const paths = matchPaths('csvFiles', patterns, options.directory);
  return new FileSource('csvFiles', paths, reading, createCsvReader(column, { delimiter, quote }));
}

/** Characters with a meaning of their own. */
export interface CsvMarks {
  delimiter: string;
  quote: string;
}

/** Reads the texts of a column of CSV files. */
export function createCsvReader(column: string | number, marks: CsvMarks): DocumentReader {
  return (path, reading) => readDocuments(path, reading, column, marks);
}

/** Files of tabs are written without quotes: what they say of fields is text. */
export function getUsualQuote(delimiter: string): string {
  return delimiter === '\t' ? '' : '"';
}

async function* readDocuments(
  path: string,
  reading: Reading,
  column: string | number,
  marks: CsvMarks,
): AsyncGenerator<string[]> {
  let found: { index: number; width: number } | undefined;
  for await (const rows of readRows(path, reading, marks)) {
    const texts: string[] = [];
    for (const row of rows) {
      const named = found === undefined && typeof column === 'string';
      found ??= findColumn(path, reading, row, column);
      if (!named && acceptsRow(path, reading, row, found.width)) texts.push(row.fields[found.index]!);
    }
    yield texts;
  }
}

async function* readRows(path: string, reading: Reading, { delimiter, quote }: CsvMarks): AsyncGenerator<CsvRow[]> {
  const rows = new CsvRows(delimiter, quote);
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
    fix: typeof column === 'number' ? '' : suggestColumn(column, fields),
    details: { path, column, columns: fields },
  });
}

/** A name that is nearly right, or the delimiter that the only name seems to hold. */
function suggestColumn(column: string, fields: readonly string[]): string {
  const held = fields.length === 1 ? /[\t;,|]/.exec(fields[0]!)?.[0] : undefined;
  if (held !== undefined) return `Fields seem to be parted by ${show(held)}: name it as the delimiter.`;
  // Words of the command line are names, whatever signs they hold.
  if (/^\d+$/.test(column) && Number(column) < fields.length) {
    return `By its place it is a number, on the command line in a --config file: {source: {column: ${column}}}.`;
  }
  return formatSuggestion(column, fields);
}

function acceptsRow(path: string, reading: Reading, row: CsvRow, width: number): boolean {
  const count = row.fields.length;
  if (count === width) return reading.accepts(path, { number: row.line, repaired: row.repaired });
  reading.malformed({ path, line: row.line, problem: `${count} fields in place of ${width}` });
  return false;
}

function refuseMark(expected: string, received: string): never {
  raise('PAL_ARGUMENT', { where: 'csvFiles', expected, received: show(received) });
}
