import { checkOptions, expectPositiveInteger } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import type { Formula } from '../formula/formula.js';
import { convertToClauses } from './clauses.js';
import { ClauseSearch } from './clause-search.js';
import type { ModelSearch } from './model-search.js';

/** Settings of a search that can take long. */
export interface SearchOptions {
  /** The most decisions of the search (default 100,000). */
  budget?: number | undefined;
}

/** The keys of {@link SearchOptions}. */
export const searchKeys: OptionChecks<SearchOptions> = { budget: true };

/**
 * Searches a valuation that makes a formula true, by DPLL: unit propagation, and a decision where nothing follows.
 *
 * @param formula - any formula, with any number of atoms
 * @param options - the budget of decisions
 * @returns a model with all atoms, or that there is none, or that the budget ran out
 * @see Davis, Logemann, Loveland 1962, A machine program for theorem-proving
 */
export function findModel(formula: Formula, options: SearchOptions = {}): ModelSearch {
  const { budget = 100_000 } = checkOptions('findModel', options, searchKeys);
  const { atoms, ...problem } = convertToClauses(formula);
  const search = new ClauseSearch(problem, expectPositiveInteger('findModel', 'budget', budget));
  const status = search.run();
  if (status !== 'found') return { status };
  return { status, model: Object.fromEntries([...atoms].map(([name, variable]) => [name, search.isTrue(variable)])) };
}
