import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';

import { isPlainSettings, raise, show, throwFileError } from '../../../core/index.js';
import { adaptRawRecord, rawRecordSchema } from './raw-record.js';
import { logicRecordSchema } from './record.js';
import type { LogicRecord } from './record.js';

/**
 * Reads records: JSON Lines, one record a line, or a JSON object whose `examples` are raw records. A line may be a raw
 * record too. Fields that nobody knows are kept; what formulas are worth is not looked at.
 *
 * @param path - of a file in UTF-8
 * @returns the records in the order of the file
 * @throws DataError that names file and line, or the place in `examples`, of the first record with a fault; PalabraError
 *   of code PAL_FILE where the file can't be read
 */
export async function readRecords(path: string): Promise<LogicRecord[]> {
  const text = await readText(path);
  const examples = readExamples(text, path);
  if (examples !== undefined) return examples.map((one, index) => checkRecord(one, `${path}: examples[${index}]`));
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const place = `${path}:${index + 1}`;
    return [checkRecord(parseJson(line, place), place)];
  });
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: unknown) => throwFileError('readRecords', path, cause));
  return isUtf8(bytes) ? new TextDecoder().decode(bytes) : refuse(path, 'UTF-8', 'bytes that are none');
}

/** How a file begins that is one JSON value, not one a line. */
const WHOLE = /^\s*(?:\[|\{\s*\n|\{\s*"(?:examples|\w+_stats)")/;

/** The examples of a file that is one JSON value; undefined for lines. */
function readExamples(text: string, path: string): readonly unknown[] | undefined {
  if (!WHOLE.test(text)) return undefined;
  const value = parseJson(text, path);
  const examples = isPlainSettings(value) ? value.examples : value;
  return Array.isArray(examples) ? (examples as unknown[]) : refuse(path, 'a list of examples', show(value));
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    return refuse(place, 'JSON', cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/**
 * Checks a value that stands for a record.
 *
 * @param value - parsed JSON, of a record or a raw one
 * @param place - where it stands, for errors
 * @returns the record with all its fields
 * @throws DataError for one with a fault
 */
export function checkRecord(value: unknown, place: string): LogicRecord {
  if (!isPlainSettings(value)) refuse(place, 'a record', show(value));
  if (!('schemaVersion' in value) && 'natural_language_input' in value) return readRaw(value, place);
  if (value.schemaVersion !== 1)
    refuse(place, 'a record of schemaVersion 1', `schemaVersion ${show(value.schemaVersion)}`);
  const checked = logicRecordSchema.safeParse(value);
  if (!checked.success) refuseIssue(place, checked.error);
  return { surface: [], ...value } as unknown as LogicRecord;
}

function readRaw(value: unknown, place: string): LogicRecord {
  const checked = rawRecordSchema.safeParse(value);
  if (!checked.success) refuseIssue(place, checked.error);
  return adaptRawRecord({ ...(value as object), ...checked.data });
}

function refuseIssue(place: string, error: z.ZodError): never {
  const { path, message } = error.issues[0]!;
  const name = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return refuse(place, 'a record of schema version 1', `${name.replace(/^\./, '')}: ${message}`);
}

function refuse(place: string, expected: string, received: string, cause?: unknown): never {
  raise('PAL_DATA', { where: place, expected, received, details: { place }, cause });
}
