import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { accessFile, decodeNonFinite, encodeNonFinite, isPlainSettings, raise } from '../../core/index.js';
import type { PlainSettings } from '../../core/index.js';

/** A line of a journal. */
export interface JournalEntry extends PlainSettings {
  readonly type: string;
}

/**
 * What an experiment has done: a JSON object a line, each on the disk before {@link Journal.append} returns. A line that
 * a process could not finish counts as never written. Numbers that JSON doesn't know are texts: `"NaN"`.
 */
export class Journal {
  private constructor(
    private readonly path: string,
    private readonly file: number,
    private readonly lines: JournalEntry[],
  ) {}

  /**
   * Opens a journal, which is made where it is missing; the last line is cut off where it is torn.
   * @param path - of the file
   * @throws PalabraError of code PAL_FILE when the disk refuses or a line before the last is damaged
   */
  static open(path: string): Journal {
    return accessFile('Journal', path, () => {
      const file = openSync(path, 'a+');
      const bytes = readFileSync(path);
      const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
      if (whole.length < bytes.length) ftruncateSync(file, whole.length);
      flushFolder(dirname(path));
      return new Journal(path, file, parseLines(path, whole.toString('utf8')));
    });
  }

  /** Every line, the oldest first. */
  get entries(): readonly JournalEntry[] {
    return this.lines;
  }

  /**
   * Adds a line; it is on the disk when this returns.
   * @param entry - plain data
   * @throws PalabraError of code PAL_FILE when the disk refuses
   */
  append(entry: JournalEntry): void {
    accessFile('Journal', this.path, () => {
      writeWhole(this.file, Buffer.from(`${JSON.stringify(entry, encodeNonFinite)}\n`));
      fsyncSync(this.file);
    });
    this.lines.push(entry);
  }

  close(): void {
    closeSync(this.file);
  }
}

/**
 * The lines of a journal that another process may be writing.
 * @param path - of the file
 * @returns its whole lines, the oldest first
 * @throws PalabraError of code PAL_FILE when it cannot be read or a line is damaged
 */
export function readJournal(path: string): JournalEntry[] {
  const text = accessFile('Journal', path, () => readFileSync(path, 'utf8'));
  return parseLines(path, text.slice(0, text.lastIndexOf('\n') + 1));
}

function parseLines(path: string, text: string): JournalEntry[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line, i) => parseEntry(line) ?? refuseLine(path, i + 1));
}

function parseEntry(line: string): JournalEntry | undefined {
  try {
    const value = JSON.parse(line, decodeNonFinite) as unknown;
    return isPlainSettings(value) && typeof value.type === 'string' ? (value as JournalEntry) : undefined;
  } catch {
    return undefined;
  }
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}

/** Puts the name of a new file on the disk. */
function flushFolder(folder: string): void {
  const directory = openSync(folder, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function refuseLine(path: string, line: number): never {
  raise('PAL_FILE', {
    where: 'Journal',
    expected: `line ${line} of ${path} to be an entry`,
    received: 'something else',
    fix: 'Only the last line can be torn by a kill: put the file back from a copy, or begin in another folder.',
    details: { path },
  });
}
