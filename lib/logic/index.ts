/** Propositional logic, and the Spanish that says it. */
export { listAtoms, renameAtoms } from './formula/atoms.js';
export { canonicalize } from './formula/canonicalize.js';
export { and, atom, combine, iff, implies, not, or } from './formula/formula.js';
export type { Atom, BinaryFormula, BinaryKind, Formula, Negation } from './formula/formula.js';
export { parseFormula } from './formula/parse-formula.js';
export { formulaStyles, printFormula } from './formula/print-formula.js';
export type { FormulaStyle } from './formula/print-formula.js';
