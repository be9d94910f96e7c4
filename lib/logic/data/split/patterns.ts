import { computeSemanticPattern, computeSyntacticPattern } from '../../forms/pattern.js';
import { listAtoms } from '../../formula/atoms.js';
import { parseFormula } from '../../formula/parse-formula.js';
import { printFormula } from '../../formula/print-formula.js';
import type { LogicRecord } from '../records/record.js';

/** Atoms up to which a semantic pattern is computed. */
const MOST_ATOMS = 6;

/** Both patterns of a formula. */
export interface Patterns {
  patternSyntactic: string;
  /** Of formulas of more than six atoms the syntactic one. */
  patternSemantic: string;
}

/**
 * The patterns of records, each formula's computed once.
 *
 * @param records - in order
 * @returns those of each
 */
export function listPatterns(records: readonly LogicRecord[]): Patterns[] {
  const known = new Map<string, Patterns>();
  return records.map(({ formula: text }) => {
    const formula = parseFormula(text);
    const key = printFormula(formula, 'canonical');
    let patterns = known.get(key);
    if (patterns === undefined) {
      const patternSyntactic = computeSyntacticPattern(formula);
      const small = listAtoms(formula).length <= MOST_ATOMS;
      const patternSemantic = small ? computeSemanticPattern(formula) : patternSyntactic;
      known.set(key, (patterns = { patternSyntactic, patternSemantic }));
    }
    return patterns;
  });
}
