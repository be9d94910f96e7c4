import { atom, combine, not } from '../formula/formula.js';
import { listAtoms } from '../formula/atoms.js';
import type { Formula } from '../formula/formula.js';
import { assignByWeight } from './assign.js';
import { computeTokenF1, readGloss } from './glosses.js';

/** A letter of a formula and the clause that it stands for. */
export interface GlossedAtom {
  letter: string;
  gloss: string;
}

/** A formula and, where they are known, the clauses of its letters. */
export interface GlossedFormula {
  formula: Formula;
  atoms?: readonly GlossedAtom[] | undefined;
}

/** A predicted formula in the letters of its reference. */
export interface Alignment {
  formula: Formula;
  /** Pairs of letters whose clauses agree, with the F1 of their words. */
  pairs: readonly { predicted: string; reference: string; f1: number; polarityFlip: boolean }[];
  /** The way letters were paired: by their clauses, or by their names where clauses are missing. */
  by: 'gloss' | 'strict';
}

/** The least F1 of clauses that are taken for the same. */
const LEAST_F1 = 0.5;

/**
 * Writes a predicted formula in the letters of its reference: one to one by the clauses that letters stand for, where both
 * have them. A letter whose clause negates that of the reference becomes its negation. Letters without a partner get names
 * that the reference has not. Without clauses, letters mean what they are called.
 *
 * @param prediction - formula and clauses
 * @param reference - formula and clauses
 * @returns the formula and the pairs of letters
 */
export function alignAtoms(prediction: GlossedFormula, reference: GlossedFormula): Alignment {
  const { atoms: predicted = [] } = prediction;
  const { atoms: gold = [] } = reference;
  if (predicted.length === 0 || gold.length === 0) {
    return { formula: prediction.formula, pairs: [], by: 'strict' };
  }
  const pairs = pairLetters(predicted, gold, LEAST_F1);
  return {
    formula: renameByPairs(prediction.formula, pairs, nameOthers(prediction, reference, pairs)),
    pairs,
    by: 'gloss',
  };
}

/**
 * Pairs letters one to one by the words of their clauses.
 *
 * @param predicted - letters and clauses
 * @param gold - others
 * @param least - the F1 of their words that two clauses need to be taken for the same
 * @returns the pairs of the largest sum
 */
export function pairLetters(
  predicted: readonly GlossedAtom[],
  gold: readonly GlossedAtom[],
  least: number,
): Alignment['pairs'] {
  const left = predicted.map(({ gloss }) => readGloss(gloss));
  const right = gold.map(({ gloss }) => readGloss(gloss));
  const limit = (f1: number): number => (f1 < least ? 0 : f1);
  const weights = left.map(({ stems }) => right.map((other) => limit(computeTokenF1(stems, other.stems))));
  return assignByWeight(weights).flatMap((column, row) => {
    const f1 = column === undefined ? 0 : weights[row]![column]!;
    if (column === undefined || f1 === 0) return [];
    const polarityFlip = left[row]!.negative !== right[column]!.negative;
    return [{ predicted: predicted[row]!.letter, reference: gold[column]!.letter, f1, polarityFlip }];
  });
}

/** Names for letters without a partner. */
function nameOthers(
  { formula }: GlossedFormula,
  reference: GlossedFormula,
  pairs: Alignment['pairs'],
): ReadonlyMap<string, string> {
  const paired = new Set(pairs.map(({ predicted }) => predicted));
  const taken = new Set([...listAtoms(reference.formula), ...(reference.atoms ?? []).map(({ letter }) => letter)]);
  const others = listAtoms(formula).filter((name) => !paired.has(name));
  let number = 0;
  const draw = (): string => {
    while (taken.has(`z${++number}`));
    return `z${number}`;
  };
  return new Map(others.map((name) => [name, draw()]));
}

/**
 * Writes a formula in the letters of another.
 *
 * @param formula - any
 * @param pairs - its letters and those of the other; where their clauses deny each other the letter is negated
 * @param others - the names of all its other letters
 * @returns the formula
 */
export function renameByPairs(
  formula: Formula,
  pairs: Alignment['pairs'],
  others: ReadonlyMap<string, string>,
): Formula {
  const known = new Map(pairs.map((pair) => [pair.predicted, pair]));
  const visit = (node: Formula): Formula => {
    if (node.kind === 'not') return not(visit(node.operand));
    if (node.kind !== 'atom') return combine(node.kind, visit(node.left), visit(node.right));
    const pair = known.get(node.name);
    if (pair === undefined) return atom(others.get(node.name)!);
    return pair.polarityFlip ? not(atom(pair.reference)) : atom(pair.reference);
  };
  return visit(formula);
}
