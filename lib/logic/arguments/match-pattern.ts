import { atom, combine, not } from '../formula/formula.js';
import { canonicalize } from '../formula/canonicalize.js';
import type { Formula } from '../formula/formula.js';

/** What the letters of a pattern stand for, without double negations. */
export type Binding = ReadonlyMap<string, Formula>;

/**
 * The ways in which a formula is an instance of a pattern, up to double negation and the order of ∧, ∨ and ↔.
 *
 * @param pattern - a formula whose atoms stand for any formula
 * @param formula - without double negations
 * @param binding - what letters stand for already
 * @returns each way, as what all letters stand for
 */
export function* matchPattern(pattern: Formula, formula: Formula, binding: Binding): Generator<Binding> {
  if (pattern.kind === 'atom') {
    const bound = binding.get(pattern.name);
    if (bound === undefined) yield new Map([...binding, [pattern.name, formula]]);
    else if (isSame(bound, formula)) yield binding;
    return;
  }
  if (pattern.kind === 'not') {
    yield* matchPattern(pattern.operand, negate(formula), binding);
    return;
  }
  if (formula.kind !== pattern.kind) return;
  yield* matchOperands(pattern, [formula.left, formula.right], binding);
  if (pattern.kind !== 'implies') yield* matchOperands(pattern, [formula.right, formula.left], binding);
}

function* matchOperands(
  pattern: { left: Formula; right: Formula },
  [left, right]: readonly [Formula, Formula],
  binding: Binding,
): Generator<Binding> {
  for (const bound of matchPattern(pattern.left, left, binding)) yield* matchPattern(pattern.right, right, bound);
}

/** Equal but for the order of ∧, ∨ and ↔. */
export function isSame(a: Formula, b: Formula): boolean {
  return JSON.stringify(canonicalize(a)) === JSON.stringify(canonicalize(b));
}

/** ¬A, or what A negates. */
export function negate(formula: Formula): Formula {
  return formula.kind === 'not' ? formula.operand : not(formula);
}

/** A formula without double negations. */
export function dropDoubleNegations(formula: Formula): Formula {
  if (formula.kind === 'atom') return atom(formula.name);
  if (formula.kind === 'not') return negate(dropDoubleNegations(formula.operand));
  return combine(formula.kind, dropDoubleNegations(formula.left), dropDoubleNegations(formula.right));
}
