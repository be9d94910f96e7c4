import { createHash } from 'node:crypto';

import { printFormula } from '../../formula/print-formula.js';
import type { Formula } from '../../formula/formula.js';

/**
 * The name of a record: the same for the same sentence and the same formula, whatever order its operands have.
 *
 * @param input - the sentence
 * @param formula - its formula, or its text where that is none
 * @returns 16 hexadecimal digits
 */
export function hashRecord(input: string, formula: Formula | string): string {
  const written = typeof formula === 'string' ? formula : printFormula(formula, 'canonical');
  return createHash('sha256')
    .update(`${input.normalize('NFC')}\n${written}`)
    .digest('hex')
    .slice(0, 16);
}
