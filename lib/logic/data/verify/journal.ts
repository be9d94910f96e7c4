import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import { isSystemError, throwFileError } from '../../../core/index.js';
import type { LogicRecord } from '../records/record.js';
import { checkRecord } from '../records/read-records.js';
import { writeLines } from '../records/write-records.js';

/** What became of a record, under the id that it had before. */
export interface JournalEntry {
  id: string;
  record: LogicRecord;
}

/** Entries between two flushes to the disk. */
const FLUSH_EVERY = 16;

/** Statuses after which a record isn't sent again. */
const FINAL: ReadonlySet<string> = new Set(['confirmed', 'corrected', 'rejected']);

/** A file of verdicts, a line each, to which lines are only added; a rerun asks for none of them again. */
export class Journal {
  readonly entries: Map<string, LogicRecord>;
  readonly #path: string;
  readonly #file: FileHandle;
  #unflushed = 0;

  private constructor(path: string, file: FileHandle, entries: Map<string, LogicRecord>) {
    this.#path = path;
    this.#file = file;
    this.entries = entries;
  }

  /** Opens a journal; a last line that was cut short is left out. */
  static async open(path: string): Promise<Journal> {
    const entries = readEntries(path);
    await writeLines(
      path,
      [...entries].map(([id, record]) => ({ id, record })),
    );
    const file = await open(path, 'a').catch((cause: unknown) => throwFileError('verifyRecords', path, cause));
    return new Journal(path, file, entries);
  }

  /** Adds a verdict. */
  async add(entry: JournalEntry): Promise<void> {
    this.entries.set(entry.id, entry.record);
    await this.#file.appendFile(`${JSON.stringify(entry)}\n`);
    if (++this.#unflushed % FLUSH_EVERY === 0) await this.#file.sync();
  }

  /** Flushes and closes it, and leaves one line for each record. */
  async close(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
    await writeLines(
      this.#path,
      [...this.entries].map(([id, record]) => ({ id, record })),
    );
  }
}

function readEntries(path: string): Map<string, LogicRecord> {
  const lines = readText(path).split('\n');
  const entries = new Map<string, LogicRecord>();
  // Behind the last line break stands nothing, or what a sudden end cut short.
  for (const [index, line] of lines.slice(0, -1).entries()) {
    const { id, record } = JSON.parse(line) as JournalEntry;
    const checked = checkRecord(record, `${path}:${index + 1}`);
    if (FINAL.has(checked.verification.status)) entries.set(id, checked);
  }
  return entries;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return '';
    return throwFileError('verifyRecords', path, error);
  }
}
