import { isPlainSettings, raise, readFileLines, show } from '../../../core/index.js';
import { fallacyRecordSchema } from './record.js';
import type { FallacyRecord } from './record.js';

/**
 * Reads texts and their fallacies in JSON Lines. Fields that nobody knows are kept.
 *
 * @param path - of a file in UTF-8
 * @returns the records in the order of the file
 * @throws DataError that names file and line of the first record with a fault, and for a file without any; PalabraError of
 *   code PAL_FILE where it can't be read
 */
export async function readFallacies(path: string): Promise<FallacyRecord[]> {
  const records: FallacyRecord[] = [];
  for await (const lines of readFileLines('readFallacies', path)) {
    for (const { text, number, wellFormed } of lines) {
      const place = `${path}:${number}`;
      if (!wellFormed) refuse(path, 'UTF-8', `bytes that are none in line ${number}`);
      if (text.trim() !== '') records.push(checkFallacy(parseJson(text, place), place));
    }
  }
  return records.length > 0 ? records : refuse(path, 'a record or more', 'none');
}

/**
 * Checks a value that stands for a record.
 *
 * @param value - parsed JSON
 * @param place - where it stands, for errors
 * @returns the record with all its fields
 * @throws DataError for one with a fault
 */
export function checkFallacy(value: unknown, place: string): FallacyRecord {
  if (!isPlainSettings(value)) refuse(place, 'a record', show(value));
  const checked = fallacyRecordSchema.safeParse(value);
  if (checked.success) return value as unknown as FallacyRecord;
  const { path, message } = checked.error.issues[0]!;
  return refuse(place, 'a text with its label, span, explanation and severity', `${path.join('.')}: ${message}`);
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    return refuse(place, 'JSON', cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function refuse(place: string, expected: string, received: string, cause?: unknown): never {
  return raise('PAL_DATA', { where: place, expected, received, details: { place }, cause });
}
