import { expectOneOf } from '../../core/index.js';
import type { BinaryFormula, Formula } from './formula.js';
import { canonicalize } from './canonicalize.js';
import { PRECEDENCE, asciiSymbols, unicodeSymbols } from './symbols.js';
import type { Symbols } from './symbols.js';

/** The styles of {@link printFormula}. */
export const formulaStyles = ['pretty', 'minimal', 'canonical', 'ascii'] as const;

/** A style of {@link printFormula}. */
export type FormulaStyle = (typeof formulaStyles)[number];

/** True where an operand of a connective stands in parentheses. */
type Enclosure = (parent: BinaryFormula, child: Formula, side: 'left' | 'right') => boolean;

/**
 * Writes a formula. `pretty` encloses, besides what has to be, every operand of → and ↔ with two operands of its own, and
 * ∧ under ∨; `ascii` is the same in `~ & | -> <->`. `minimal` encloses only what has to be. `canonical` is `minimal` of the
 * form for comparison, in which operands are sorted.
 *
 * @param formula - the tree
 * @param style - the spelling (default `pretty`)
 * @returns text that {@link parseFormula} reads as the same tree, of `canonical` as the canonical one
 * @example printFormula(parseFormula('p & ~q -> r')) // (p ∧ ¬q) → r
 */
export function printFormula(formula: Formula, style: FormulaStyle = 'pretty'): string {
  expectOneOf('printFormula', 'style', style, formulaStyles);
  if (style === 'canonical') return print(canonicalize(formula), unicodeSymbols, hasToBeEnclosed);
  const symbols = style === 'ascii' ? asciiSymbols : unicodeSymbols;
  return print(formula, symbols, style === 'minimal' ? hasToBeEnclosed : isEnclosedForReaders);
}

function print(formula: Formula, symbols: Symbols, enclosed: Enclosure): string {
  if (formula.kind === 'atom') return formula.name;
  if (formula.kind === 'not') {
    const { operand } = formula;
    const text = print(operand, symbols, enclosed);
    return symbols.not + (PRECEDENCE[operand.kind] < PRECEDENCE.not ? `(${text})` : text);
  }
  const side = (child: Formula, name: 'left' | 'right'): string => {
    const text = print(child, symbols, enclosed);
    return enclosed(formula, child, name) ? `(${text})` : text;
  };
  return `${side(formula.left, 'left')} ${symbols[formula.kind]} ${side(formula.right, 'right')}`;
}

/** Without parentheses the text would be another formula's. */
function hasToBeEnclosed({ kind }: BinaryFormula, child: Formula, side: 'left' | 'right'): boolean {
  if (PRECEDENCE[child.kind] !== PRECEDENCE[kind]) return PRECEDENCE[child.kind] < PRECEDENCE[kind];
  return (side === 'left') === (kind === 'implies');
}

function isEnclosedForReaders(parent: BinaryFormula, child: Formula, side: 'left' | 'right'): boolean {
  if (hasToBeEnclosed(parent, child, side)) return true;
  if (child.kind === 'atom' || child.kind === 'not') return false;
  if (parent.kind === 'implies' || parent.kind === 'iff') return true;
  return parent.kind !== child.kind;
}
