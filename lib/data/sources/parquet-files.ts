import type { OptionChecks } from '../../core/index.js';
import { fileSourceKeys } from './source-options.js';
import { isUtf8 } from 'node:buffer';
import {
  checkOptions,
  formatSuggestion,
  isPalabraError,
  isSystemError,
  raise,
  show,
  throwFileError,
} from '../../core/index.js';
import { FileSource, matchPaths } from './file-source.js';
import type { DocumentReader } from './file-source.js';
import type { Refuse } from './parquet/byte-reader.js';
import type { Column } from './parquet/footer.js';
import { ParquetFile } from './parquet/parquet-file.js';
import type { Reading } from './reading.js';
import type { FileSourceOptions } from './source-options.js';

/** Options of {@link parquetFiles}. */
export interface ParquetFilesOptions extends FileSourceOptions {
  /** The column of the text; a list of names leads into structs. Default: `text`. */
  field?: string | readonly string[];
}

/** The keys of {@link ParquetFilesOptions}. */
export const parquetFilesKeys: OptionChecks<ParquetFilesOptions> = { ...fileSourceKeys, field: true };

/** Documents are given out in groups of about so many bytes. */
const GROUP = 2 ** 22;
const FREE_BYTES = 2 ** 24;

/**
 * Parquet files as a source, one document a row; they are read page by page. Compression by Snappy, gzip, zstd, Brotli
 * and LZ4 is known.
 *
 * A row without a text is malformed.
 *
 * @param patterns - paths or patterns with `*`, `?`, `[a-z]`, `{a,b}` and `**`
 * @param options - the column, and what flaws do
 * @throws DataError when a pattern matches no file; while reading, when a file is damaged or lacks the column
 * @example parquetFiles('wikitext/train-*.parquet', { field: 'text' })
 */
export function parquetFiles(patterns: string | readonly string[], options: ParquetFilesOptions = {}): FileSource {
  const { field = 'text', ...reading } = checkOptions('parquetFiles', options, parquetFilesKeys);
  const paths = matchPaths('parquetFiles', patterns, options.directory);
  return new FileSource('parquetFiles', paths, reading, createParquetReader(field), 'row');
}

/** Reads the texts of a column of parquet files. */
export function createParquetReader(field: string | readonly string[]): DocumentReader {
  const names = typeof field === 'string' ? [field] : field;
  return (path, reading) => readDocuments(path, reading, names);
}

type Pages = AsyncGenerator<(Buffer | undefined)[], void>;

async function* readDocuments(path: string, reading: Reading, names: readonly string[]): AsyncGenerator<string[]> {
  const refuse: Refuse = (received) => refuseDamaged(path, reading, received);
  const file = await wrapErrors(path, reading, ParquetFile.open(path, refuse));
  try {
    const column = findColumn(path, reading, file.footer.columns, names);
    const sizes = { in: 0, out: 0 };
    const pages = file.values(column, (stored, bytes) => {
      sizes.in += stored;
      checkPage(path, reading, stored, bytes);
    });
    let row = 1;
    for (
      let page = await readPage(path, reading, pages);
      page !== undefined;
      page = await readPage(path, reading, pages)
    ) {
      yield* decodeTexts(path, reading, page, row, sizes);
      row += page.length;
    }
  } finally {
    await file.close();
  }
}

/** The texts of a page, a few MiB at a time: a dictionary can make one far larger than its bytes. */
function* decodeTexts(
  path: string,
  reading: Reading,
  page: readonly (Buffer | undefined)[],
  first: number,
  sizes: { in: number; out: number },
): Generator<string[]> {
  let texts: string[] = [];
  let bytes = 0;
  for (const [index, value] of page.entries()) {
    if (value === undefined) reading.malformed({ path, line: first + index, problem: 'no text' });
    else if (reading.accepts(path, { number: first + index, repaired: !isUtf8(value) })) {
      texts.push(value.toString('utf8'));
      bytes += value.length;
    }
    if (bytes < GROUP) continue;
    checkSize(path, reading, sizes, bytes);
    yield texts;
    [texts, bytes] = [[], 0];
  }
  checkSize(path, reading, sizes, bytes);
  yield texts;
}

function checkPage(path: string, reading: Reading, stored: number, bytes: number): void {
  const { documentBytes, ratio } = reading.rules.limits;
  if (Math.max(stored, bytes) > documentBytes) reading.exceeded(path, 'documentBytes', `a page of ${bytes} bytes`);
  if (bytes > FREE_BYTES && bytes > ratio * stored) reading.exceeded(path, 'ratio', `${bytes} bytes from ${stored}`);
}

function checkSize(path: string, reading: Reading, sizes: { in: number; out: number }, bytes: number): void {
  const { fileBytes, ratio } = reading.rules.limits;
  sizes.out += bytes;
  if (sizes.out > fileBytes) reading.exceeded(path, 'fileBytes', 'more bytes');
  if (sizes.out > FREE_BYTES && sizes.out > ratio * sizes.in) {
    reading.exceeded(path, 'ratio', `${sizes.out} bytes from ${sizes.in}`);
  }
}

function findColumn(path: string, reading: Reading, columns: readonly Column[], names: readonly string[]): Column {
  const name = names.join('.');
  const found = columns.find((column) => column.path.join('.') === name);
  const known = columns.map((column) => column.path.join('.'));
  if (found?.isText === true && found.maxRepetition === 0) return found;
  const kind = found && (found.isText ? 'a column of lists' : `a column of ${found.type ?? 'an unknown type'}`);
  return raise('PAL_DATA', {
    where: reading.where,
    expected: `a column of texts ${show(name)} in ${path}`,
    received: kind ?? show(known),
    fix: kind === undefined ? formatSuggestion(name, known) : '',
    details: { path, field: name, columns: known },
  });
}

async function readPage(path: string, reading: Reading, pages: Pages): Promise<(Buffer | undefined)[] | undefined> {
  const result = await wrapErrors(path, reading, pages.next());
  return result.done === true ? undefined : result.value;
}

/** Errors of the disk and of decompressors become those of the library. */
async function wrapErrors<T>(path: string, reading: Reading, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (isPalabraError(error)) throw error;
    if (isSystemError(error)) throwFileError(reading.where, path, error);
    return refuseDamaged(path, reading, (error as Error).message, error);
  });
}

function refuseDamaged(path: string, reading: Reading, received: string, cause?: unknown): never {
  raise('PAL_DATA', {
    where: reading.where,
    expected: `${path} to be a whole parquet file`,
    received,
    fix: 'The file was cut short or damaged, or uses a feature that is not known: take another copy.',
    details: { path },
    cause,
  });
}
