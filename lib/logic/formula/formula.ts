import { raise, show } from '../../core/index.js';

/** A binary connective. */
export type BinaryKind = 'and' | 'or' | 'implies' | 'iff';

/** A letter of a formula. */
export interface Atom {
  readonly kind: 'atom';
  /** A lower-case letter and digits, such as `p` or `q12`. */
  readonly name: string;
}

/** A negation. */
export interface Negation {
  readonly kind: 'not';
  readonly operand: Formula;
}

/** Two formulas and the connective between them. */
export interface BinaryFormula {
  readonly kind: BinaryKind;
  readonly left: Formula;
  readonly right: Formula;
}

/** A formula of propositional logic: an immutable tree. */
export type Formula = Atom | Negation | BinaryFormula;

/**
 * An atom.
 *
 * @param name - a lower-case letter and digits
 * @returns the formula
 * @throws ArgumentError for another name
 */
export function atom(name: string): Atom {
  if (!/^[a-z][0-9]*$/.test(name)) refuseName(name);
  return Object.freeze({ kind: 'atom', name });
}

/**
 * ¬ of a formula.
 *
 * @param operand - what is negated
 * @returns the formula
 */
export function not(operand: Formula): Negation {
  return Object.freeze({ kind: 'not', operand });
}

/**
 * Two formulas under a connective.
 *
 * @param kind - the connective
 * @param left - before it
 * @param right - behind it
 * @returns the formula
 */
export function combine(kind: BinaryKind, left: Formula, right: Formula): BinaryFormula {
  return Object.freeze({ kind, left, right });
}

/**
 * left ∧ right.
 *
 * @param left - before the connective
 * @param right - behind it
 * @returns the formula
 */
export function and(left: Formula, right: Formula): BinaryFormula {
  return combine('and', left, right);
}

/**
 * left ∨ right.
 *
 * @param left - before the connective
 * @param right - behind it
 * @returns the formula
 */
export function or(left: Formula, right: Formula): BinaryFormula {
  return combine('or', left, right);
}

/**
 * left → right.
 *
 * @param left - before the connective
 * @param right - behind it
 * @returns the formula
 */
export function implies(left: Formula, right: Formula): BinaryFormula {
  return combine('implies', left, right);
}

/**
 * left ↔ right.
 *
 * @param left - before the connective
 * @param right - behind it
 * @returns the formula
 */
export function iff(left: Formula, right: Formula): BinaryFormula {
  return combine('iff', left, right);
}

function refuseName(name: unknown): never {
  raise('PAL_ARGUMENT', { where: 'atom', expected: 'name to be a lower-case letter and digits', received: show(name) });
}
