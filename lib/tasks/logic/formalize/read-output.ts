import { listAtoms, printFormula } from '../../../logic/index.js';
import type { Formula, RecordAtom } from '../../../logic/index.js';
import { decodeLogicSequence } from '../sequence/decode-sequence.js';
import type { LogicVocabulary } from '../sequence/vocabulary.js';

/** The reason that an output ended: at its end, where the tokens ran out, or at an end that they forced. */
export type FormalizeFinish = 'eos' | 'length' | 'constraint';

/** A sentence and the formula that a model wrote of it. */
export interface FormalizedSentence {
  /** The sentence as it was read: in NFC, trimmed. */
  input: string;
  /** In the symbols of logic books; undefined where no formula was written. */
  formula: string | undefined;
  /** In `~ & | -> <->`. */
  formulaAscii: string | undefined;
  /** The tree. */
  ast: Formula | undefined;
  /** Letters and the clauses that they stand for. */
  atoms: RecordAtom[];
  /** Connectives and the words that say them. */
  connectors: { symbol: string; cue: string }[];
  /** The reasoning; undefined in modes without it. */
  thought: string | undefined;
  /** ln P of all tokens under the model, before any mask or filter. */
  logProb: number;
  /** True where a formula was written, of declared letters alone wherever atoms are declared. */
  valid: boolean;
  finishReason: FormalizeFinish;
  /** The ids that were written, the last of them `<|eos|>` where it was reached. */
  tokens: number[];
}

/** What was generated of a sentence. */
export interface GeneratedOutput {
  readonly ids: readonly number[];
  logProbability: number;
  finish: FormalizeFinish;
}

/**
 * Reads what a model wrote of a sentence.
 *
 * @param input - the sentence
 * @param output - generated behind its prompt
 * @param vocabulary - of the model
 * @returns the formula, its atoms and connectors
 */
export function readOutput(input: string, output: GeneratedOutput, vocabulary: LogicVocabulary): FormalizedSentence {
  const { ids, logProbability, finish } = output;
  const { formula, tree, atoms, connectors, thought } = decodeLogicSequence(ids, vocabulary);
  return {
    ...{ input, formula, ast: tree, atoms, connectors, thought },
    formulaAscii: tree && printFormula(tree, 'ascii'),
    logProb: logProbability,
    valid: tree !== undefined && isDeclared(tree, ids, atoms, vocabulary),
    finishReason: finish,
    tokens: [...ids],
  };
}

/** True where each letter of a formula is declared, or no atoms are written at all. */
function isDeclared(
  tree: Formula,
  ids: readonly number[],
  atoms: readonly RecordAtom[],
  { sections }: LogicVocabulary,
): boolean {
  if (!ids.includes(sections.atoms)) return true;
  const declared = new Set(atoms.map(({ letter }) => letter));
  return listAtoms(tree).every((name) => declared.has(name));
}
