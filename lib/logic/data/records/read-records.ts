import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';

import { accessFile, isPlainSettings, raise, readFileLines, show, throwFileError } from '../../../core/index.js';
import type { FileLine } from '../../../core/index.js';
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
  const records: LogicRecord[] = [];
  for await (const lines of readFileLines('readRecords', path)) {
    const whole = lines[0]!.number === 1 && isWhole(lines);
    if (whole) return await readExamples(path);
    for (const { text, number, wellFormed } of lines) {
      const place = `${path}:${number}`;
      if (!wellFormed) refuse(path, 'UTF-8', `bytes that are none in line ${number}`);
      if (text.trim() !== '') records.push(checkRecord(parseJson(text, place), place));
    }
  }
  return records;
}

/** The beginning of a file that is one JSON value, not one a line. */
const WHOLE = /^\s*(?:\[|\{\s*\n|\{\s*"(?:examples|\w+_stats)")/;

/** Tells by the first lines of a file whether all of it is one JSON value. */
function isWhole(lines: readonly FileLine[]): boolean {
  return WHOLE.test(lines.map(({ text }) => `${text}\n`).join(''));
}

/** The examples of a file that is one JSON value. */
async function readExamples(path: string): Promise<LogicRecord[]> {
  const bytes = await readFile(path).catch((cause: unknown) => throwFileError('readRecords', path, cause));
  if (!isUtf8(bytes)) refuse(path, 'UTF-8', 'bytes that are none');
  const value = parseJson(
    accessFile('readRecords', path, () => new TextDecoder().decode(bytes)),
    path,
  );
  const examples = isPlainSettings(value) ? value.examples : value;
  if (!Array.isArray(examples)) refuse(path, 'a list of examples', show(value));
  return examples.map((one, index) => checkRecord(one, `${path}: examples[${index}]`));
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
