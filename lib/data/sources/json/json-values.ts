import { isUtf8 } from 'node:buffer';
import { raise } from '../../../core/index.js';
import { decompressFile } from '../compression/decompress.js';
import type { DocumentReader } from '../file-source.js';
import { parseDocument } from './json-lines.js';
import { JsonSplitter } from './json-splitter.js';
import type { JsonText } from './json-splitter.js';
import type { Reading } from '../reading.js';

/** Begins a record that is a text. */
const QUOTE = 34;

/**
 * Reads the records of a JSON file, whatever its lines are: the elements of one array, or objects one after another, as in
 * JSON Lines.
 */
export function createJsonReader(field: string | readonly string[]): DocumentReader {
  const keys = typeof field === 'string' ? [field] : field;
  return (path, reading) => readDocuments(path, reading, keys);
}

async function* readDocuments(path: string, reading: Reading, keys: readonly string[]): AsyncGenerator<string[]> {
  const splitter = new JsonSplitter((problem, line) => refuse(path, reading, problem, line));
  const parse = (found: JsonText): string | string[] => {
    const { bytes, line } = found;
    const value = { text: bytes.toString('utf8'), number: line, repaired: !isUtf8(bytes) };
    return parseDocument(path, value, reading, bytes[0] === QUOTE ? [] : keys) ?? [];
  };
  for await (const chunk of decompressFile(path, reading)) {
    yield splitter.push(chunk).flatMap(parse);
    if (splitter.heldBytes > reading.rules.limits.documentBytes) {
      reading.exceeded(path, 'documentBytes', `a longer record, from line ${splitter.line}`);
    }
  }
  yield splitter.end().flatMap(parse);
}

function refuse(path: string, reading: Reading, problem: string, line: number): never {
  raise('PAL_DATA', {
    where: reading.where,
    expected: `an array of records, or records one after another, in ${path}`,
    received: `${problem} in line ${line}`,
    fix: "Mend it. To read it as plain text, name the type of the source: 'text' or 'lines' (--source text).",
    details: { path, line, problem },
  });
}
