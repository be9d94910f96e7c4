import { createCsvReader } from './csv-files.js';
import type { DocumentReader } from './file-source.js';
import { createJsonLinesReader } from './json-lines.js';
import { createParquetReader } from './parquet-files.js';
import { readEachLine } from './text-files.js';

/** Reads a file by its ending, that of a compression left aside. Other files than the named ones are read by `text`. */
export function selectReader(
  path: string,
  field: string | readonly string[],
  text: DocumentReader = readEachLine,
): DocumentReader {
  const ending = /\.([a-z]+)(?:\.(?:gz|gzip|zst|zstd))?$/i.exec(path)?.[1]?.toLowerCase();
  switch (ending) {
    case 'parquet':
      return createParquetReader(field);
    case 'jsonl':
    case 'ndjson':
      return createJsonLinesReader(field);
    case 'csv':
      return createCsvReader(joinPath(field), ',');
    case 'tsv':
      return createCsvReader(joinPath(field), '\t');
    default:
      return text;
  }
}

function joinPath(field: string | readonly string[]): string {
  return typeof field === 'string' ? field : field.join('.');
}
