import { isPalabraError } from '../../../core/index.js';
import type { Formula } from '../../formula/formula.js';
import { parseFormula } from '../../formula/parse-formula.js';

/**
 * Reads a formula that may be none.
 *
 * @param text - as a record has it
 * @returns undefined where it is no formula
 */
export function tryParse(text: string | undefined): Formula | undefined {
  if (text === undefined) return undefined;
  try {
    return parseFormula(text);
  } catch (error) {
    if (isPalabraError(error)) return undefined;
    throw error;
  }
}
