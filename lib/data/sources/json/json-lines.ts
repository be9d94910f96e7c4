import { formatSuggestion, show } from '../../../core/index.js';
import { FileSource, matchPaths } from '../file-source.js';
import type { DocumentReader } from '../file-source.js';
import { readLines } from '../lines.js';
import type { Line } from '../lines.js';
import type { Reading } from '../reading.js';
import type { FileSourceOptions } from '../source-options.js';
import type { OptionChecks } from '../../../core/index.js';
import { fileSourceKeys } from '../source-options.js';
import { checkOptions } from '../../../core/index.js';

/** Options of {@link jsonLines}. */
export interface JsonLinesOptions extends FileSourceOptions {
  /** The key of the text in each object; a list of keys leads into objects inside. Default: `text`. */
  field?: string | readonly string[];
}

/** The keys of {@link JsonLinesOptions}. */
export const jsonLinesKeys: OptionChecks<JsonLinesOptions> = { ...fileSourceKeys, field: true };

/**
 * Files with one JSON object a line as a source, one document a line; empty lines are left out. Files in gzip or zstd
 * are decompressed.
 *
 * A line that is no JSON, lacks the field or holds no string there is malformed.
 *
 * @param patterns - paths or patterns with `*`, `?`, `[a-z]`, `{a,b}` and `**`
 * @param options - the field, and what flaws do
 * @throws DataError when a pattern matches no file
 * @see https://jsonlines.org
 * @example jsonLines('corpus/*.jsonl.gz', { field: ['document', 'text'] })
 */
export function jsonLines(patterns: string | readonly string[], options: JsonLinesOptions = {}): FileSource {
  const { field = 'text', ...reading } = checkOptions('jsonLines', options, jsonLinesKeys);
  const paths = matchPaths('jsonLines', patterns, options.directory);
  return new FileSource('jsonLines', paths, reading, createJsonLinesReader(field));
}

/** Reads the texts of a field of JSON Lines. */
export function createJsonLinesReader(field: string | readonly string[]): DocumentReader {
  const keys = typeof field === 'string' ? [field] : field;
  return (path, reading) => readDocuments(path, reading, keys);
}

async function* readDocuments(path: string, reading: Reading, keys: readonly string[]): AsyncGenerator<string[]> {
  for await (const lines of readLines(path, reading)) {
    yield lines.flatMap((line) => parseDocument(path, line, reading, keys) ?? []);
  }
}

/** The text of a record; undefined where it is blank or malformed, which is told. */
export function parseDocument(path: string, line: Line, reading: Reading, keys: readonly string[]): string | undefined {
  const record = parseRecord(path, line, reading);
  if (record === undefined) return undefined;
  const found = findText(record.value, keys);
  if ('problem' in found) {
    reading.malformed({ path, line: line.number, problem: found.problem });
    return undefined;
  }
  if (!line.text.includes('\\u') || !/\p{Surrogate}/u.test(found.text)) return found.text;
  if (!reading.accepts(path, { number: line.number, repaired: true })) return undefined;
  return found.text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** The value of a line; undefined where it is blank or no JSON within the limits, which is told. */
export function parseRecord(path: string, line: Line, reading: Reading): { value: unknown } | undefined {
  if (line.text.trim() === '' || !reading.accepts(path, line)) return undefined;
  const malformed = (problem: string, cause?: unknown): undefined => {
    reading.malformed({ path, line: line.number, problem }, cause);
    return undefined;
  };
  const parsed = parseLine(line.text);
  if ('error' in parsed) return malformed(`no JSON (${parsed.error.message})`, parsed.error);
  if (isDeeper(parsed.value, reading.rules.limits.nesting)) {
    return malformed(`JSON nested deeper than limits.nesting (${reading.rules.limits.nesting})`);
  }
  return parsed;
}

function parseLine(text: string): { value: unknown } | { error: Error } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { error: error as Error };
  }
}

/** True for a value with more levels of arrays and objects than allowed; looks at one level after another. */
function isDeeper(value: unknown, levels: number): boolean {
  let level = [value].filter(isContainer);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === levels) return true;
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return false;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function findText(root: unknown, keys: readonly string[]): { text: string } | { problem: string } {
  let value = root;
  for (const key of keys) {
    if (!isContainer(value) || Array.isArray(value)) return { problem: `${show(value)} in place of an object` };
    if (!Object.hasOwn(value, key)) {
      return { problem: `no field ${show(key)}. ${formatSuggestion(key, Object.keys(value))}`.trimEnd() };
    }
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === 'string' ? { text: value } : { problem: `${show(value)} in place of a text` };
}
