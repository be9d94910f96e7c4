import { checkOptions } from '../../core/index.js';
import { listAtoms } from '../formula/atoms.js';
import { iff, not } from '../formula/formula.js';
import type { Formula } from '../formula/formula.js';
import { findModel, searchKeys } from './find-model.js';
import type { SearchOptions } from './find-model.js';
import { MOST_TABLE_ATOMS, buildTruthTable, countTrueRows } from './truth-table.js';

/**
 * True if two formulas have the same value under every valuation of the atoms of both: by truth tables up to 20 atoms,
 * beyond by searching a valuation that tells them apart.
 *
 * @param a - any formula
 * @param b - any formula
 * @param options - the budget of a search
 * @returns undefined where the budget ran out, so that it is unknown
 * @example equivalent(parseFormula('p -> q'), parseFormula('~p | q')) // true
 */
export function equivalent(a: Formula, b: Formula, options: SearchOptions = {}): boolean | undefined {
  checkOptions('equivalent', options, searchKeys);
  return isTautology(iff(a, b), options);
}

/**
 * True if a formula holds under every valuation.
 *
 * @param formula - any formula
 * @param options - the budget of a search beyond 20 atoms
 * @returns undefined where the budget ran out
 */
export function isTautology(formula: Formula, options: SearchOptions = {}): boolean | undefined {
  return isContradiction(not(formula), options);
}

/**
 * True if a formula holds under no valuation.
 *
 * @param formula - any formula
 * @param options - the budget of a search beyond 20 atoms
 * @returns undefined where the budget ran out
 */
export function isContradiction(formula: Formula, options: SearchOptions = {}): boolean | undefined {
  checkOptions('isContradiction', options, searchKeys);
  if (listAtoms(formula).length <= MOST_TABLE_ATOMS) return countTrueRows(buildTruthTable(formula)) === 0;
  const { status } = findModel(formula, options);
  return status === 'unknown' ? undefined : status === 'none';
}

/**
 * True if a formula holds under some valuations and fails under others.
 *
 * @param formula - any formula
 * @param options - the budget of a search beyond 20 atoms
 * @returns undefined where the budget ran out
 */
export function isContingent(formula: Formula, options: SearchOptions = {}): boolean | undefined {
  const never = isContradiction(formula, options);
  const always = isTautology(formula, options);
  if (never === true || always === true) return false;
  return never === undefined || always === undefined ? undefined : true;
}
