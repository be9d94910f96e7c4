import { raise } from '../../core/index.js';
import { getPartText, isOpenPart } from '../../text/index.js';
import type { TextPart } from '../../text/index.js';
import type { ReadingRules, SourceLimits } from './source-options.js';

const EXAMPLES = 10;

/** A line or row that gave no document, and why. */
export interface MalformedLine {
  path: string;
  /** The line in the file, or the row of a parquet file, counted from 1. */
  line: number;
  problem: string;
}

/** The report of one pass over a source. */
export interface SourceReport {
  /** Files read to their end. */
  files: number;
  /** Documents given out. */
  documents: number;
  /** Lines or rows that gave none. */
  malformed: number;
  /** Documents in which U+FFFD stands for bytes that are no UTF-8. */
  repaired: number;
  /** Documents of nothing but white space that were left out. */
  blank: number;
  /** The first malformed lines. */
  examples: MalformedLine[];
}

/** One pass over a source: its rules and its report. */
export class Reading {
  readonly where: string;
  readonly rules: ReadingRules;
  readonly #unit: 'line' | 'row';
  readonly report: SourceReport = { files: 0, documents: 0, malformed: 0, repaired: 0, blank: 0, examples: [] };

  /** A document was given out in part. */
  #open = false;

  constructor(where: string, rules: ReadingRules, unit: 'line' | 'row') {
    this.where = where;
    this.rules = rules;
    this.#unit = unit;
  }

  /**
   * Counts a malformed line.
   *
   * @throws DataError unless malformed lines are only to be reported
   */
  malformed(line: MalformedLine, cause?: unknown): void {
    if (this.rules.onMalformed === 'error') refuseMalformed(this.where, line, this.#unit, cause);
    this.report.malformed++;
    if (this.report.examples.length < EXAMPLES) this.report.examples.push(line);
  }

  /**
   * True where a line may become a document, by the rule for bytes that are no UTF-8.
   *
   * @throws DataError when it may not and malformed lines end the reading
   */
  accepts(path: string, { number, repaired }: { number: number; repaired: boolean }): boolean {
    if (!repaired) return true;
    if (this.rules.invalidUtf8 === 'malformed') {
      this.malformed({ path, line: number, problem: 'bytes that are no UTF-8' });
      return false;
    }
    this.report.repaired++;
    return true;
  }

  /** True where a document, or a part of one, is given out; counts documents either way. */
  gives(part: TextPart): boolean {
    // A part that more follows ends with a word, so its document is not blank.
    const dropped = !this.#open && this.rules.blank === 'drop' && getPartText(part).trim() === '';
    this.#open = isOpenPart(part);
    if (!this.#open) this.report[dropped ? 'blank' : 'documents']++;
    return !dropped;
  }

  /**
   * Says that a file passes a limit.
   *
   * @throws DataError always
   */
  exceeded(path: string, name: keyof SourceLimits, what: string, fix?: string): never {
    const limit = this.rules.limits[name];
    raise('PAL_DATA', {
      where: this.where,
      expected: `${path} to keep to limits.${name} (${limit})`,
      received: what,
      fix: fix ?? `If the file is to be trusted, pass a larger limits.${name}.`,
      details: { path, limit: name, value: limit },
    });
  }
}

function refuseMalformed(
  where: string,
  { path, line, problem }: MalformedLine,
  unit: 'line' | 'row',
  cause: unknown,
): never {
  raise('PAL_DATA', {
    where,
    expected: `well-formed data in ${path}`,
    received: `${problem} in ${unit} ${line}`,
    fix: `Mend it, or pass onMalformed: 'report' to leave such ${unit}s out and count them.`,
    details: { path, line, problem },
    cause,
  });
}
