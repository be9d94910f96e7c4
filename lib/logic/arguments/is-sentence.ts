import { isPalabraError } from '../../core/index.js';
import { parseFormula } from '../formula/parse-formula.js';
import { aliases } from '../formula/symbols.js';

/** Connectives as words. */
const WORDS = new Set(Object.values(aliases).flat());

/**
 * Tells sentences from formulas: what is no formula and has a word of two letters or more that is no connective is a sentence.
 * `p and )` is a formula with a fault.
 *
 * @param text - a premise or a conclusion as it is written
 * @returns true for a sentence
 * @example isSentence('Si llueve, me mojo.') // true
 */
export function isSentence(text: string): boolean {
  const words = text.toLowerCase().match(/\p{L}{2,}/gu) ?? [];
  return words.some((word) => !WORDS.has(word)) && !isFormula(text);
}

function isFormula(text: string): boolean {
  try {
    parseFormula(text);
    return true;
  } catch (error) {
    if (isPalabraError(error)) return false;
    throw error;
  }
}
