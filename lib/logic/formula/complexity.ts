import { listAtoms } from './atoms.js';
import type { BinaryKind, Formula } from './formula.js';

/** The levels of sentences, the easiest first. */
export const complexityLevels = ['simple', 'intermediate', 'advanced'] as const;

/** A level of {@link complexityLevels}. */
export type ComplexityLevel = (typeof complexityLevels)[number];

/** The size of a formula. */
export interface FormulaComplexity {
  level: ComplexityLevel;
  /** Distinct atoms. */
  atoms: number;
  /** Binary connectives. */
  connectives: number;
  negations: number;
  /** Connectives, ¬ among them, on the longest way to an atom. */
  depth: number;
  /** The outermost connective. */
  root: BinaryKind | 'not' | 'atom';
}

/**
 * Measures a formula. It is simple up to two atoms and one binary connective, advanced from four of either on, else
 * intermediate.
 *
 * @param formula - any formula
 * @returns its sizes and its level
 */
export function measureComplexity(formula: Formula): FormulaComplexity {
  const atoms = listAtoms(formula).length;
  const { connectives, negations, depth } = count(formula);
  return { level: chooseLevel(atoms, connectives), atoms, connectives, negations, depth, root: formula.kind };
}

function chooseLevel(atoms: number, connectives: number): ComplexityLevel {
  if (atoms <= 2 && connectives <= 1) return 'simple';
  return atoms >= 4 || connectives >= 4 ? 'advanced' : 'intermediate';
}

function count(formula: Formula): { connectives: number; negations: number; depth: number } {
  if (formula.kind === 'atom') return { connectives: 0, negations: 0, depth: 0 };
  if (formula.kind === 'not') {
    const { connectives, negations, depth } = count(formula.operand);
    return { connectives, negations: negations + 1, depth: depth + 1 };
  }
  const [left, right] = [count(formula.left), count(formula.right)];
  return {
    connectives: left.connectives + right.connectives + 1,
    negations: left.negations + right.negations,
    depth: Math.max(left.depth, right.depth) + 1,
  };
}
