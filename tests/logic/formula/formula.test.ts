import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import { drawFormula } from '../draw-formula.js';
import {
  and,
  atom,
  canonicalize,
  formulaStyles,
  iff,
  implies,
  listAtoms,
  not,
  or,
  parseFormula,
  printFormula,
  renameAtoms,
} from '../../../lib/logic/index.js';

const [p, q, r] = [atom('p'), atom('q'), atom('r')];

describe('parseFormula', () => {
  test('→ groups to the right, ∧, ∨ and ↔ to the left', () => {
    expect(parseFormula('p → q → r')).toEqual(implies(p, implies(q, r)));
    expect(parseFormula('p ∧ q ∧ r')).toEqual(and(and(p, q), r));
    expect(parseFormula('p ∨ q ∨ r')).toEqual(or(or(p, q), r));
    expect(parseFormula('p ↔ q ↔ r')).toEqual(iff(iff(p, q), r));
  });

  test('¬ binds tightest, then ∧, ∨, →, ↔', () => {
    expect(parseFormula('¬p ∧ q ∨ r → p ↔ q')).toEqual(iff(implies(or(and(not(p), q), r), p), q));
    expect(parseFormula('p ↔ q → r ∨ p ∧ ¬q')).toEqual(iff(p, implies(q, or(r, and(p, not(q))))));
    expect(parseFormula('¬¬(p ∨ q)')).toEqual(not(not(or(p, q))));
  });

  test.each([
    ['~p & q', and(not(p), q)],
    ['!p && q', and(not(p), q)],
    ['not p and q', and(not(p), q)],
    ['p ^ q', and(p, q)],
    ['p | q', or(p, q)],
    ['p||q', or(p, q)],
    ['p OR q', or(p, q)],
    ['p -> q', implies(p, q)],
    ['p=>q', implies(p, q)],
    ['p ⇒ q', implies(p, q)],
    ['p ⊃ q', implies(p, q)],
    ['p implies q', implies(p, q)],
    ['p <-> q', iff(p, q)],
    ['p<=>q', iff(p, q)],
    ['p ⇔ q', iff(p, q)],
    ['p ≡ q', iff(p, q)],
    ['p iff q', iff(p, q)],
    ['p v', undefined],
    ['v -> p12', implies(atom('v'), atom('p12'))],
  ])('%s', (text, expected) => {
    if (expected === undefined) expect(() => parseFormula(text)).toThrow(/position 2, received 'v'/);
    else expect(parseFormula(text)).toEqual(expected);
  });

  test.each([
    ['', 0],
    ['   ', 3],
    ['⊢ p → q', 0],
    ['□p → q', 0],
    ['p → q.', 5],
    ['p q', 2],
    ['(p', 2],
    ['p)', 1],
    ['()', 1],
    ['p → ', 4],
    ['→ p', 0],
    ['p ¬ q', 2],
    ['P → q', 0],
    ['p - q', 2],
    ['pq', 0],
    ['p ∧ 😀', 4],
    ['1', 0],
  ])('%s is refused at its place', (text, position) => {
    expect(() => parseFormula(text)).toThrow(`position ${position}`);
    expect(catchError(text)).toMatchObject({ code: 'PAL_ARGUMENT', details: { position } });
  });

  test('what is no text, too long or too deep is refused, what is just not is read', () => {
    expect(() => parseFormula(7 as never)).toThrow(/text to be a string/);
    expect(() => parseFormula('p'.padEnd(4097))).toThrow(/at most 4096 characters/);
    expect(parseFormula('p'.padEnd(4096))).toEqual(p);
    for (const [open, close] of [
      ['¬', ''],
      ['(p → ', ')'],
      ['(', ')'],
    ] as const) {
      const nest = (levels: number): string => `${open.repeat(levels)}p${close.repeat(levels)}`;
      expect(() => parseFormula(nest(256))).not.toThrow();
      expect(() => parseFormula(nest(257))).toThrow(/at most 256 levels/);
    }
    expect(() => parseFormula(Array(257).fill('p').join('∧'))).not.toThrow();
    expect(() => parseFormula(Array(258).fill('p').join('∧'))).toThrow(/at most 256 levels/);
  });
});

describe('printFormula', () => {
  test('(p → q) → r is not p → q → r', () => {
    const formula = implies(implies(p, q), r);
    expect(formulaStyles.map((style) => printFormula(formula, style))).toEqual([
      '(p → q) → r',
      '(p → q) → r',
      '(p → q) → r',
      '(p -> q) -> r',
    ]);
  });

  test.each([
    ['p & ~q -> r', '(p ∧ ¬q) → r', 'p ∧ ¬q → r'],
    ['p -> q -> r', 'p → (q → r)', 'p → q → r'],
    ['p & q | r', '(p ∧ q) ∨ r', 'p ∧ q ∨ r'],
    ['p & (q & r)', 'p ∧ (q ∧ r)', 'p ∧ (q ∧ r)'],
    ['p & q & r', 'p ∧ q ∧ r', 'p ∧ q ∧ r'],
    ['(p | q) & r', '(p ∨ q) ∧ r', '(p ∨ q) ∧ r'],
    ['p <-> q | r', 'p ↔ (q ∨ r)', 'p ↔ q ∨ r'],
    ['~(p & q)', '¬(p ∧ q)', '¬(p ∧ q)'],
    ['~~p', '¬¬p', '¬¬p'],
  ])('%s in pretty and minimal style', (text, pretty, minimal) => {
    expect(printFormula(parseFormula(text))).toBe(pretty);
    expect(printFormula(parseFormula(text), 'minimal')).toBe(minimal);
  });

  test('10,000 random formulas come back from every style', () => {
    const random = new Random(1);
    const broken: string[] = [];
    for (let i = 0; i < 10_000; i++) {
      const formula = drawFormula(random, 6);
      const canonical = canonicalize(formula);
      const [whole, expected] = [JSON.stringify(formula), JSON.stringify(canonical)];
      for (const style of formulaStyles) {
        const text = printFormula(formula, style);
        const found = JSON.stringify(parseFormula(text));
        if (found !== (style === 'canonical' ? expected : whole)) broken.push(`${style}: ${text}`);
      }
      if (JSON.stringify(canonicalize(canonical)) !== expected) broken.push(printFormula(canonical));
    }
    expect(broken).toEqual([]);
  });

  test('an unknown style is refused', () => {
    expect(() => printFormula(p, 'latex' as never)).toThrow(/style to be one of/);
  });
});

test('the canonical form forgets order and grouping of ∧, ∨ and ↔, and double negation', () => {
  const same = (a: string, b: string): void =>
    expect(canonicalize(parseFormula(a))).toEqual(canonicalize(parseFormula(b)));
  same('(r & q) & p', 'p & (q & r)');
  same('~~(p | q) | r', 'r | (q | p)');
  same('(p <-> q) <-> r', 'r <-> (q <-> p)');
  same('~~~p', '~p');
  expect(canonicalize(parseFormula('p -> q'))).not.toEqual(canonicalize(parseFormula('q -> p')));
});

test('atoms in order of occurrence; renaming changes all at once and refuses what is no atom', () => {
  const formula = parseFormula('(q & p) -> q2');
  expect(listAtoms(formula)).toEqual(['q', 'p', 'q2']);
  const swapped = renameAtoms(
    formula,
    new Map([
      ['p', 'q'],
      ['q', 'p'],
    ]),
  );
  expect(printFormula(swapped)).toBe('(p ∧ q) → q2');
  expect(() => renameAtoms(formula, new Map([['p', 'X']]))).toThrow(/lower-case letter/);
  expect(() => atom('')).toThrow(/lower-case letter/);
  expect(Object.isFrozen(formula)).toBe(true);
});

function catchError(text: string): unknown {
  try {
    return parseFormula(text);
  } catch (error) {
    return error;
  }
}
