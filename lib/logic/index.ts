/** Propositional logic, and the Spanish that says it. */
export { listAtoms, renameAtoms } from './formula/atoms.js';
export { canonicalize } from './formula/canonicalize.js';
export { and, atom, combine, iff, implies, not, or } from './formula/formula.js';
export type { Atom, BinaryFormula, BinaryKind, Formula, Negation } from './formula/formula.js';
export { parseFormula } from './formula/parse-formula.js';
export { formulaStyles, printFormula } from './formula/print-formula.js';
export type { FormulaStyle } from './formula/print-formula.js';
export { equivalent, isContingent, isContradiction, isTautology } from './semantics/equivalence.js';
export { findModel } from './semantics/find-model.js';
export type { ModelSearch, SearchOptions } from './semantics/find-model.js';
export { buildTruthTable, countTrueRows, listRows, readRow, readValuation } from './semantics/truth-table.js';
export type { TruthTable } from './semantics/truth-table.js';
export { evaluateFormula } from './semantics/valuation.js';
export type { Valuation } from './semantics/valuation.js';
