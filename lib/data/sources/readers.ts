import { createCsvReader, getUsualQuote } from './csv-files.js';
import type { DocumentReader } from './file-source.js';
import { createJsonLinesReader } from './json/json-lines.js';
import { createJsonReader } from './json/json-values.js';
import { createParquetReader } from './parquet-files.js';
import { readEachLine } from './text-files.js';

/** Reads a file by its ending, that of a compression left aside. Other files than the named ones are read by `text`. */
export function selectReader(
  path: string,
  field: string | readonly string[],
  text: DocumentReader = readEachLine,
  quote?: string,
): DocumentReader {
  const createTable = (delimiter: string): DocumentReader =>
    createCsvReader(joinPath(field), { delimiter, quote: quote ?? getUsualQuote(delimiter) });
  const ending = /\.([a-z]+)(?:\.(?:gz|gzip|zst|zstd))?$/i.exec(path)?.[1]?.toLowerCase();
  switch (ending) {
    case 'parquet':
      return createParquetReader(field);
    case 'jsonl':
    case 'ndjson':
      return createJsonLinesReader(field);
    case 'json':
      return createJsonReader(field);
    case 'csv':
      return createTable(',');
    case 'tsv':
    case 'tab':
      return createTable('\t');
    default:
      return text;
  }
}

function joinPath(field: string | readonly string[]): string {
  return typeof field === 'string' ? field : field.join('.');
}
