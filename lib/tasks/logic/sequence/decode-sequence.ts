import { isPalabraError } from '../../../core/index.js';
import { parseFormula, printFormula } from '../../../logic/index.js';
import type { Formula, RecordAtom } from '../../../logic/index.js';
import { BAR, COLON } from './vocabulary.js';
import type { LogicSection, LogicVocabulary } from './vocabulary.js';

/** What a model wrote of a sentence. */
export interface DecodedLogic {
  /** The formula as `printFormula` writes it; undefined where none was written, or what was is no formula. */
  formula: string | undefined;
  /** The same as a tree. */
  tree: Formula | undefined;
  /** The symbols of the formula's section as they were written; undefined without the section. */
  symbols: string | undefined;
  /** Letters and clauses, in the order in which they were written. */
  atoms: RecordAtom[];
  /** Connectives and the words that say them. */
  connectors: { symbol: string; cue: string }[];
  /** The reasoning; undefined without the section. */
  thought: string | undefined;
  /** True where `<|eos|>` was reached. */
  ended: boolean;
}

/**
 * Reads what a model wrote. Whatever it is, none of it is an error: what can't be read is left out.
 *
 * @param ids - generated behind the prompt, or with it; what follows `<|eos|>` counts for nothing
 * @param vocabulary - of the model
 * @returns the formula, its atoms and connectors, and the reasoning
 */
export function decodeLogicSequence(ids: Iterable<number>, vocabulary: LogicVocabulary): DecodedLogic {
  const { sections, ended } = splitSections(Array.from(ids), vocabulary);
  const { thought, atoms, connectors, formula } = sections;
  const symbols = formula?.map((id) => vocabulary.readSymbol(id) ?? vocabulary.tokenizer.decode([id])).join('');
  const tree = symbols === undefined ? undefined : tryParse(symbols);
  return {
    formula: tree && printFormula(tree),
    tree,
    symbols,
    atoms: readEntries(atoms, vocabulary).map(([letter, gloss]) => ({ letter, gloss })),
    connectors: readEntries(connectors, vocabulary).map(([symbol, cue]) => ({ symbol, cue })),
    thought: thought && vocabulary.tokenizer.decode(thought).trim(),
    ended,
  };
}

/** The ids of each section: of one that is written twice the first. */
function splitSections(ids: readonly number[], vocabulary: LogicVocabulary) {
  const start = ids.indexOf(vocabulary.output) + 1;
  const end = ids.indexOf(vocabulary.eos, start);
  const sections: Partial<Record<LogicSection, number[]>> = {};
  let open: number[] | undefined;
  for (const id of ids.slice(start, end < 0 ? ids.length : end)) {
    const section = vocabulary.readSection(id);
    if (section === undefined) open?.push(id);
    else {
      open = [];
      sections[section] ??= open;
    }
  }
  return { sections, ended: end >= 0 };
}

/** Marks and their words; an entry without a mark has none. */
function readEntries(ids: readonly number[] = [], vocabulary: LogicVocabulary): [mark: string, words: string][] {
  const [bar, colon] = [vocabulary.symbols.get(BAR)!, vocabulary.symbols.get(COLON)!];
  return splitAt(ids, bar).flatMap((entry): [string, string][] => {
    const at = entry.indexOf(colon);
    if (at < 1) return [];
    const { tokenizer } = vocabulary;
    return [[tokenizer.decode(entry.slice(0, at)).trim(), tokenizer.decode(entry.slice(at + 1)).trim()]];
  });
}

function splitAt(ids: readonly number[], mark: number): number[][] {
  const parts: number[][] = [[]];
  for (const id of ids) {
    if (id === mark) parts.push([]);
    else parts.at(-1)!.push(id);
  }
  return parts;
}

function tryParse(text: string): Formula | undefined {
  try {
    return parseFormula(text);
  } catch (error) {
    if (isPalabraError(error) && error.code === 'PAL_ARGUMENT') return undefined;
    throw error;
  }
}
