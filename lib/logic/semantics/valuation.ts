import type { Formula } from '../formula/formula.js';
import { raise } from '../../core/index.js';

/** A truth value for each atom. */
export type Valuation = Readonly<Record<string, boolean>>;

/**
 * The truth value of a formula under a valuation.
 *
 * @param formula - any formula
 * @param valuation - a value for each of its atoms; further ones are ignored
 * @returns the value
 * @throws ArgumentError naming an atom without a value
 */
export function evaluateFormula(formula: Formula, valuation: Valuation): boolean {
  if (formula.kind === 'atom') return readValue(valuation, formula.name);
  if (formula.kind === 'not') return !evaluateFormula(formula.operand, valuation);
  const left = evaluateFormula(formula.left, valuation);
  const right = evaluateFormula(formula.right, valuation);
  switch (formula.kind) {
    case 'and':
      return left && right;
    case 'or':
      return left || right;
    case 'implies':
      return !left || right;
    case 'iff':
      return left === right;
  }
}

function readValue(valuation: Valuation, name: string): boolean {
  const value = Object.hasOwn(valuation, name) ? valuation[name] : undefined;
  if (typeof value === 'boolean') return value;
  return raise('PAL_ARGUMENT', {
    where: 'evaluateFormula',
    expected: `a truth value for ${name}`,
    received: String(value),
  });
}
