/**
 * Symbols of what a model writes of a sentence: a byte of UTF-8 stands for itself, letters, digits, parentheses, `:` and
 * `|` included; connectives and marks of sections have numbers above.
 */
export const symbols = {
  ...{ thought: 256, atoms: 257, connectors: 258, formula: 259, end: 260 },
  ...{ '¬': 261, '∧': 262, '∨': 263, '→': 264, '↔': 265 },
} as const;

/** The number of symbols: each is smaller. */
export const SYMBOL_COUNT = 266;

/** The byte `(`. */
export const OPEN = 0x28;
/** The byte `)`. */
export const CLOSE = 0x29;
/** The byte `:`, which stands behind the mark of an entry. */
export const COLON = 0x3a;
/** The byte `|`, which stands between two entries. */
export const BAR = 0x7c;
/** The byte of a space. */
export const SPACE = 0x20;

/** The connectives of two operands. */
export const BINARY: ReadonlySet<number> = new Set([symbols['∧'], symbols['∨'], symbols['→'], symbols['↔']]);

/** All connectives. */
export const CONNECTIVES: ReadonlySet<number> = new Set([symbols['¬'], ...BINARY]);

const LETTERS = 'pqrstuvw';

/**
 * The letter of an atom by its place: p to w, then p1 to w1 and so on.
 *
 * @param place - from 0
 * @returns a lower-case letter, and digits from the ninth atom on
 */
export function nameAtom(place: number): string {
  const round = Math.floor(place / LETTERS.length);
  return `${LETTERS[place % LETTERS.length]}${round === 0 ? '' : round}`;
}

/**
 * The symbols of a text of ASCII.
 *
 * @param text - of ASCII
 * @returns its bytes
 */
export function spell(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

/**
 * The number of a symbol.
 *
 * @param symbol - a connective, the name of a section's mark, or a character of ASCII
 * @returns the number
 */
export function readSymbol(symbol: string): number {
  return new Map<string, number>(Object.entries(symbols)).get(symbol) ?? symbol.charCodeAt(0);
}
