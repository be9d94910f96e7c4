import { writeFileAtomic } from '../../../core/index.js';
import type { LogicRecord } from './record.js';

/** Records that are turned into bytes at once. */
const BLOCK = 1000;

/**
 * Writes records as JSON Lines, in order. The path holds the old content or all of the new at any moment.
 *
 * @param path - of the file; what is there is replaced
 * @param records - to write
 * @returns the number of bytes
 * @throws PalabraError of code PAL_FILE when the disk refuses
 */
export async function writeRecords(path: string, records: readonly LogicRecord[]): Promise<number> {
  return await writeLines(path, records);
}

/**
 * Writes any objects as JSON Lines, as {@link writeRecords} does.
 *
 * @param path - of the file; what is there is replaced
 * @param values - one a line
 * @returns the number of bytes
 */
export async function writeLines(path: string, values: readonly object[]): Promise<number> {
  return await writeFileAtomic(path, encodeLines(values));
}

/** JSON Lines in blocks of UTF-8. */
function* encodeLines(values: readonly object[]): Generator<Uint8Array> {
  for (let start = 0; start < values.length; start += BLOCK) {
    const lines = values.slice(start, start + BLOCK).map((value) => `${JSON.stringify(value)}\n`);
    yield new TextEncoder().encode(lines.join(''));
  }
}
