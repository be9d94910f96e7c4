import { raise } from '../../../core/index.js';
import { JsonRecordSource } from '../../../data/index.js';
import type { MalformedLine } from '../../../data/index.js';
import { formatMalformed } from '../../instruct/read-instructions.js';
import { parseLogicExample } from './example.js';
import type { PlacedLogicExample } from './example.js';

/** The records of some files. */
export interface ReadLogicExamples {
  examples: PlacedLogicExample[];
  /** Records that do not fit, as many as are kept. */
  malformed: MalformedLine[];
  /** All that do not fit. */
  malformedCount: number;
}

/**
 * Reads sentences and formulas from files in JSON Lines.
 *
 * @param patterns - paths or patterns
 * @returns the examples in their order, and the records that do not fit by file, line and reason
 * @throws DataError when a pattern matches no file, or no record fits
 */
export async function readLogicExamples(patterns: string | readonly string[]): Promise<ReadLogicExamples> {
  const source = new JsonRecordSource(patterns, { onMalformed: 'report' });
  const examples: PlacedLogicExample[] = [];
  const refused: MalformedLine[] = [];
  for await (const { path, line, value } of source) {
    const parsed = parseLogicExample(value);
    if ('problem' in parsed) refused.push({ path, line, problem: parsed.problem });
    else examples.push(parsed.example);
  }
  const malformed = [...source.report.examples, ...refused];
  const malformedCount = source.report.malformed + refused.length;
  if (examples.length === 0) {
    raise('PAL_DATA', {
      where: 'readLogicExamples',
      expected: 'records with input, formula and atoms',
      received: malformedCount === 0 ? 'no record' : formatMalformed(malformed, malformedCount),
    });
  }
  return { examples, malformed, malformedCount };
}
