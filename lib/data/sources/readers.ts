import { csvReader } from './csv-files.js';
import type { DocumentReader } from './file-source.js';
import { jsonLinesReader } from './json-lines.js';
import { parquetReader } from './parquet-files.js';
import { eachLine } from './text-files.js';

/** Reads a file by its ending, that of a compression left aside. Other files than the named ones are read by `text`. */
export function readerByEnding(
  path: string,
  field: string | readonly string[],
  text: DocumentReader = eachLine,
): DocumentReader {
  const ending = /\.([a-z]+)(?:\.(?:gz|gzip|zst|zstd))?$/i.exec(path)?.[1]?.toLowerCase();
  switch (ending) {
    case 'parquet':
      return parquetReader(field);
    case 'jsonl':
    case 'ndjson':
      return jsonLinesReader(field);
    case 'csv':
      return csvReader(columnOf(field), ',');
    case 'tsv':
      return csvReader(columnOf(field), '\t');
    default:
      return text;
  }
}

function columnOf(field: string | readonly string[]): string {
  return typeof field === 'string' ? field : field.join('.');
}
