import { combine, not } from './formula.js';
import type { BinaryKind, Formula } from './formula.js';

/** Connectives whose operands can change places. */
const COMMUTATIVE: ReadonlySet<BinaryKind> = new Set(['and', 'or', 'iff']);

/**
 * The form for comparison: without double negations, and with the operands of chains of ∧, ∨ and ↔ sorted. All three are
 * associative and commutative.
 *
 * @param formula - any formula
 * @returns an equivalent formula, the same for formulas that differ only in these things
 */
export function canonicalize(formula: Formula): Formula {
  if (formula.kind === 'atom') return formula;
  if (formula.kind === 'not') {
    const operand = canonicalize(formula.operand);
    return operand.kind === 'not' ? operand.operand : not(operand);
  }
  const { kind } = formula;
  if (!COMMUTATIVE.has(kind)) return combine(kind, canonicalize(formula.left), canonicalize(formula.right));
  const operands = listOperands(formula, kind).map((operand): [string, Formula] => [describe(operand), operand]);
  operands.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return operands.map(([, operand]) => operand).reduce((left, right) => combine(kind, left, right));
}

/** The operands of a chain of one connective, each in canonical form; what that opens up belongs to the chain. */
function listOperands(formula: Formula, kind: BinaryKind): Formula[] {
  if (formula.kind === kind) return [...listOperands(formula.left, kind), ...listOperands(formula.right, kind)];
  const operand = canonicalize(formula);
  return operand.kind === kind ? listOperands(operand, kind) : [operand];
}

/** A text that no other tree has. */
function describe(formula: Formula): string {
  if (formula.kind === 'atom') return formula.name;
  if (formula.kind === 'not') return `¬${describe(formula.operand)}`;
  return `(${describe(formula.left)} ${formula.kind} ${describe(formula.right)})`;
}
