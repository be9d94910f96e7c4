import { combine, not } from '../formula/formula.js';
import type { BinaryKind, Formula } from '../formula/formula.js';

/** A formula, or the truth value that it has everywhere. */
export type Folded = Formula | boolean;

/** ¬ of a formula or a truth value; of ¬A it is A. */
export function foldNegation(operand: Folded): Folded {
  if (typeof operand === 'boolean') return !operand;
  return operand.kind === 'not' ? operand.operand : not(operand);
}

/** Two formulas or truth values under a connective. */
export function foldBinary(kind: BinaryKind, left: Folded, right: Folded): Folded {
  if (typeof left !== 'boolean' && typeof right !== 'boolean') return combine(kind, left, right);
  if (typeof left === 'boolean') return foldLeft(kind, left, right);
  if (kind === 'implies') return right === true ? true : foldNegation(left);
  return foldLeft(kind, right as boolean, left);
}

/** A connective whose left side is a truth value. */
function foldLeft(kind: BinaryKind, left: boolean, right: Folded): Folded {
  switch (kind) {
    case 'and':
      return left ? right : false;
    case 'or':
      return left ? true : right;
    case 'implies':
      return left ? right : true;
    case 'iff':
      return left ? right : foldNegation(right);
  }
}

/** A formula with a truth value in the place of an atom. */
export function substituteValue(formula: Formula, name: string, value: boolean): Folded {
  if (formula.kind === 'atom') return formula.name === name ? value : formula;
  if (formula.kind === 'not') return foldNegation(substituteValue(formula.operand, name, value));
  const left = substituteValue(formula.left, name, value);
  return foldBinary(formula.kind, left, substituteValue(formula.right, name, value));
}
