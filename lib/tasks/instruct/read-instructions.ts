import { isPalabraError, show } from '../../core/index.js';
import { JsonRecordSource } from '../../data/index.js';
import type { MalformedLine } from '../../data/index.js';
import type { ChatTemplate, Tokenizer } from '../../text/index.js';
import { hashInstruction } from './duplicates.js';
import type { PlacedInstruction } from './duplicates.js';
import { encodeInstruction } from './encode-instruction.js';
import type { EncodedInstruction } from './encode-instruction.js';
import { parseInstruction } from './instruction.js';

/** An example in tokens, and where it stands. */
export interface EncodedExample extends PlacedInstruction {
  readonly encoded: EncodedInstruction;
}

/** The records of some files. */
export interface ReadInstructions {
  examples: EncodedExample[];
  /** Records that do not fit, as many as are kept. */
  malformed: MalformedLine[];
  /** All that do not fit. */
  malformedCount: number;
  /** The files, absolute. */
  paths: readonly string[];
}

/** The way records are read. */
export interface ReadingOptions {
  tokenizer: Tokenizer;
  template: ChatTemplate;
  /** The start of relative patterns (default: the working directory). */
  directory?: string | undefined;
}

/** Records that are named in a message. */
const NAMED = 10;

/**
 * Reads examples from files in JSON Lines and writes them as tokens.
 * @param patterns - paths or patterns
 * @param options - tokenizer and template of the model, and where relative patterns start
 * @returns the examples in their order, and the records that do not fit by file, line and reason
 * @throws DataError when a pattern matches no file
 */
export async function readInstructions(
  patterns: string | readonly string[],
  options: ReadingOptions,
): Promise<ReadInstructions> {
  const { directory } = options;
  const source = new JsonRecordSource(patterns, {
    onMalformed: 'report',
    ...(directory !== undefined && { directory }),
  });
  const examples: EncodedExample[] = [];
  const refused: MalformedLine[] = [];
  for await (const { path, line, value } of source) {
    const read = encodeRecord(value, options);
    if ('problem' in read) refused.push({ path, line, problem: read.problem });
    else examples.push({ path, line, ...read });
  }
  const malformed = [...source.report.examples, ...refused];
  return { examples, malformed, malformedCount: source.report.malformed + refused.length, paths: source.paths };
}

/**
 * Names the first of the records that do not fit.
 * @param malformed - of {@link readInstructions}
 * @param count - of all of them
 * @returns each with file, line and reason, and how many more there are
 */
export function formatMalformed(malformed: readonly MalformedLine[], count: number): string {
  const named = malformed.slice(0, NAMED).map(({ path, line, problem }) => `${path}, line ${line}: ${problem}`);
  const more = count > named.length ? `; ${count - named.length} more` : '';
  return `${named.join('; ')}${more}`;
}

function encodeRecord(
  value: unknown,
  { tokenizer, template }: ReadingOptions,
): Omit<EncodedExample, 'path' | 'line'> | { problem: string } {
  const parsed = parseInstruction(value);
  if ('problem' in parsed) return parsed;
  const { instruction } = parsed;
  const { group } = value as { group?: unknown };
  if (group !== undefined && typeof group !== 'string') return { problem: `group: ${show(group)} in place of a text` };
  try {
    const encoded = encodeInstruction(instruction, tokenizer, template);
    return { instruction, hash: hashInstruction(instruction), ...(group !== undefined && { group }), encoded };
  } catch (error) {
    if (isPalabraError(error) && ['PAL_ARGUMENT', 'PAL_DATA'].includes(error.code)) return { problem: error.message };
    throw error;
  }
}
