import { formatSuggestion, isPalabraError, show } from '../../../core/index.js';
import { measureComplexity, parseFormula } from '../../../logic/index.js';
import type { ComplexityLevel } from '../../../logic/index.js';
import { connectives } from '../sequence/vocabulary.js';
import type { LogicExample } from '../sequence/encode-record.js';

/** An example with what decides where it is used. */
export interface PlacedLogicExample extends LogicExample {
  complexity: ComplexityLevel;
  /** The sentence that it was made from: examples of one lie on one side of a split. */
  sourceId?: string | undefined;
  /** The split that its data set gives it (default: none). */
  split?: string | undefined;
}

/** An example, or what is wrong with its record. */
export type ParsedLogicExample = { example: PlacedLogicExample } | { problem: string };

type Fields = Readonly<Record<string, unknown>>;

const REQUIRED = ['input', 'formula', 'atoms'] as const;

/**
 * Reads an example from a record: `input`, `formula` and `atoms`, and where they are there `connectors`, `reasoning`,
 * `sourceId` and `split`. More fields may stand beside them.
 *
 * @param value - of JSON
 * @returns the example, or what is wrong with the record in a few words
 */
export function parseLogicExample(value: unknown): ParsedLogicExample {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problem: `${show(value)} in place of an object` };
  }
  const record = value as Fields;
  const missing = REQUIRED.find((name) => !Object.hasOwn(record, name));
  if (missing !== undefined) {
    const near = formatSuggestion(missing, Object.keys(record));
    return { problem: `no ${missing}. ${near}`.trim() };
  }
  return findProblem(record) ?? readExample(record);
}

/** What is wrong with fields; undefined where they fit. */
function findProblem({ input, formula, atoms, connectors = [], reasoning = [], sourceId, split }: Fields) {
  if (typeof input !== 'string' || input.trim() === '')
    return { problem: `input: ${show(input)} in place of a sentence` };
  if (!input.isWellFormed()) return { problem: 'input: a lone surrogate' };
  if (typeof formula !== 'string') return { problem: `formula: ${show(formula)} in place of a text` };
  if (!isListOf(atoms, ['letter', 'gloss'])) return { problem: 'atoms: expected {letter, gloss}, each a text' };
  if (!isListOf(connectors, ['symbol', 'cue'])) return { problem: 'connectors: expected {symbol, cue}, each a text' };
  if (!isTexts(reasoning)) return { problem: 'reasoning: expected texts' };
  const wrong = Object.entries({ sourceId, split }).find(([, text]) => text !== undefined && typeof text !== 'string');
  return wrong && { problem: `${wrong[0]}: ${show(wrong[1])} in place of a text` };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string' && text.isWellFormed());
}

function isListOf(value: unknown, names: readonly string[]): boolean {
  if (!Array.isArray(value)) return false;
  return value.every((one: unknown) => {
    if (typeof one !== 'object' || one === null) return false;
    return isTexts(names.map((name) => (one as Fields)[name]));
  });
}

function readExample(record: Fields): ParsedLogicExample {
  const { connectors = [], reasoning = [], ...rest } = record;
  const example = { ...rest, connectors, reasoning } as unknown as PlacedLogicExample;
  const letter = example.atoms.find((one) => !/^[a-z][0-9]*$/.test(one.letter));
  if (letter !== undefined) return { problem: `atoms: ${show(letter.letter)} in place of a letter and digits` };
  const symbol = example.connectors.find((one) => !connectives.includes(one.symbol));
  if (symbol !== undefined)
    return { problem: `connectors: ${show(symbol.symbol)} in place of ${connectives.join(' ')}` };
  try {
    return { example: { ...example, complexity: measureComplexity(parseFormula(example.formula)).level } };
  } catch (error) {
    if (isPalabraError(error)) return { problem: `formula: ${error.message}` };
    throw error;
  }
}
