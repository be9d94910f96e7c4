import type { BinaryKind } from './formula.js';

/** The spelling of connectives. */
export interface Symbols {
  readonly not: string;
  readonly and: string;
  readonly or: string;
  readonly implies: string;
  readonly iff: string;
}

/** The symbols of logic books. */
export const unicodeSymbols: Symbols = { not: '¬', and: '∧', or: '∨', implies: '→', iff: '↔' };

/** The symbols of keyboards. */
export const asciiSymbols: Symbols = { not: '~', and: '&', or: '|', implies: '->', iff: '<->' };

/** How tight connectives bind, the loosest lowest. */
export const PRECEDENCE: Readonly<Record<BinaryKind | 'not' | 'atom', number>> = {
  iff: 1,
  implies: 2,
  or: 3,
  and: 4,
  not: 5,
  atom: 6,
};

/** Every spelling that a parser takes for a connective. */
export const aliases: Readonly<Record<keyof Symbols, readonly string[]>> = {
  not: ['¬', '~', '!', 'not'],
  and: ['∧', '&&', '&', '^', 'and'],
  or: ['∨', '||', '|', 'or'],
  implies: ['→', '->', '=>', '⇒', '⊃', 'implies'],
  iff: ['↔', '<->', '<=>', '⇔', '≡', 'iff'],
};
