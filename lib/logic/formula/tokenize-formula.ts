import { raise, show } from '../../core/index.js';
import { aliases } from './symbols.js';
import type { Symbols } from './symbols.js';

/** A symbol of a formula and its place. */
export interface FormulaToken {
  readonly kind: keyof Symbols | 'atom' | 'open' | 'close' | 'end';
  readonly text: string;
  /** UTF-16 units before it. */
  readonly position: number;
}

type Spelling = readonly [text: string, kind: FormulaToken['kind']];

/** Every spelling that is no word, the longest first. */
const MARKS: readonly Spelling[] = [
  ['(', 'open'] as Spelling,
  [')', 'close'] as Spelling,
  ...listSpellings().filter(([text]) => !/[a-z]/.test(text)),
].sort(([a], [b]) => b.length - a.length);

const WORDS: ReadonlyMap<string, FormulaToken['kind']> = new Map(listSpellings());

function listSpellings(): Spelling[] {
  return Object.entries(aliases).flatMap(([kind, texts]) =>
    texts.map((text): Spelling => [text, kind as keyof Symbols]),
  );
}

/**
 * The symbols of a formula; white space between them counts for nothing.
 *
 * @param text - of a formula
 * @returns the symbols, and one of kind `end` behind them
 * @throws ArgumentError naming the place of a character that belongs to no symbol
 */
export function tokenizeFormula(text: string): FormulaToken[] {
  const tokens: FormulaToken[] = [];
  let position = 0;
  for (;;) {
    position += /^\s*/u.exec(text.slice(position))![0].length;
    const token = readToken(text, position);
    tokens.push(token);
    if (token.kind === 'end') return tokens;
    position += token.text.length;
  }
}

function readToken(text: string, position: number): FormulaToken {
  if (position === text.length) return { kind: 'end', text: '', position };
  const word = /^[a-zA-Z][a-zA-Z0-9]*/.exec(text.slice(position))?.[0];
  if (word !== undefined) return { kind: classifyWord(word, position), text: word, position };
  const mark = MARKS.find(([spelling]) => text.startsWith(spelling, position));
  if (mark !== undefined) return { kind: mark[1], text: mark[0], position };
  return refuseSymbol(String.fromCodePoint(text.codePointAt(position)!), position);
}

function classifyWord(word: string, position: number): FormulaToken['kind'] {
  const connective = WORDS.get(word.toLowerCase());
  if (connective !== undefined) return connective;
  return /^[a-z][0-9]*$/.test(word) ? 'atom' : refuseSymbol(word, position);
}

function refuseSymbol(received: string, position: number): never {
  raise('PAL_ARGUMENT', {
    where: 'parseFormula',
    expected: `an atom, a connective or a parenthesis at position ${position}`,
    received: show(received),
    fix: 'Atoms are a lower-case letter and digits, as p or q1; connectives ¬ ∧ ∨ → ↔, or ~ & | -> <->.',
    details: { position },
  });
}
