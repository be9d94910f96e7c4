import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import {
  computeSemanticPattern,
  computeSyntacticPattern,
  equivalent,
  listAtoms,
  measureComplexity,
  parseFormula,
  printFormula,
  renameAtoms,
  simplify,
} from '../../../lib/logic/index.js';
import { drawFormula } from '../draw-formula.js';

const parse = parseFormula;

test.each([
  ['p', 'simple', 1, 0, 0, 0, 'atom'],
  ['~~p', 'simple', 1, 0, 2, 2, 'not'],
  ['p -> q', 'simple', 2, 1, 0, 1, 'implies'],
  ['p & (p | ~p)', 'intermediate', 1, 2, 1, 3, 'and'],
  ['p & q & r', 'intermediate', 3, 2, 0, 2, 'and'],
  ['(p & q) | (p & r)', 'intermediate', 3, 3, 0, 2, 'or'],
  ['p & q & r & s', 'advanced', 4, 3, 0, 3, 'and'],
  ['p & p & p & p & p', 'advanced', 1, 4, 0, 4, 'and'],
])('%s is %s', (text, level, atoms, connectives, negations, depth, root) => {
  expect(measureComplexity(parse(text))).toEqual({ level, atoms, connectives, negations, depth, root });
});

describe('simplify', () => {
  test.each([
    ['p & (p | q)', 'p'],
    ['p | (p & q)', 'p'],
    ['~~p', 'p'],
    ['~p | q', 'p → q'],
    ['(p -> q) & (q -> p)', 'p ↔ q'],
    ['p & p & p', 'p'],
    ['(p & q) | (p & ~q)', 'p'],
    ['p & (q | ~q)', 'p'],
    ['p | ~p | q', 'p ∨ ¬p'],
    ['q & ~q & p', 'p ∧ ¬p'],
    ['~(~p & ~q)', 'p ∨ q'],
    ['p -> (q -> p)', 'p ∨ ¬p'],
    ['(p & q & r & s) | (p & q & r & ~s)', '(p ∧ q) ∧ r'],
    ['(p | q) & (p | r) & (p | s)', undefined],
  ])('%s', (text, expected) => {
    const simplified = simplify(parse(text));
    expect(equivalent(simplified, parse(text))).toBe(true);
    if (expected !== undefined) expect(simplified).toEqual(parse(expected));
    else expect(measureComplexity(simplified).connectives).toBe(3);
  });

  test('what it gives is equivalent and no longer, and stays as it is', () => {
    const random = new Random(3);
    for (let i = 0; i < 400; i++) {
      const formula = drawFormula(random, 5);
      const simplified = simplify(formula);
      expect(equivalent(formula, simplified)).toBe(true);
      const size = measureLength(simplified);
      expect(size).toBeLessThanOrEqual(measureLength(formula) + 2);
      expect(measureLength(simplify(simplified))).toBeLessThanOrEqual(size);
    }
  });

  test('of up to three atoms none is shorter', () => {
    const random = new Random(4);
    const shortest = new Map<string, number>();
    const drawn = Array.from({ length: 4000 }, () => drawFormula(random, 3, ['p', 'q', 'r'])).filter(
      (formula) => listAtoms(formula).length === 3,
    );
    for (const formula of drawn) {
      const key = printFormula(simplify(formula));
      shortest.set(key, Math.min(shortest.get(key) ?? Infinity, measureLength(formula)));
    }
    for (const [key, length] of shortest) expect(measureLength(parse(key))).toBeLessThanOrEqual(Math.max(length, 2));
  });
});

describe('patterns', () => {
  test('formulas that differ by names, order and grouping share the syntactic one', () => {
    const random = new Random(5);
    for (let i = 0; i < 300; i++) {
      const formula = drawFormula(random, 4, ['p', 'q', 'r', 's']);
      const names = new Map(listAtoms(formula).map((name, index) => [name, 'wvut'[index]!]));
      const turned = turnAround(renameAtoms(formula, names));
      expect(computeSyntacticPattern(turned)).toBe(computeSyntacticPattern(formula));
    }
  });

  test('the parts that atoms play tell patterns apart', () => {
    const patterns = ['p & p', 'p & q', 'p -> q', 'p -> p', '(p -> q) -> r', 'p -> (q -> r)', 'p -> ~q', '~p -> q'];
    expect(new Set(patterns.map((text) => computeSyntacticPattern(parse(text)))).size).toBe(patterns.length);
    expect(computeSyntacticPattern(parse('q -> p'))).toBe('x1 → x2');
  });

  test('beyond six atoms too, where atoms play parts of their own', () => {
    const chain = (letters: string[]): string =>
      computeSyntacticPattern(parse(letters.map((name, i) => (i % 2 ? name : `~${name}`)).join(' -> ')));
    const letters = ['p', 'q', 'r', 's', 't', 'u', 'w', 'z'];
    expect(chain(letters)).toBe(chain([...letters].reverse()));
    const sum = (names: string[]): string => computeSyntacticPattern(parse(names.join(' | ')));
    expect(sum(letters)).toBe(sum(['z', 'p', 'u', 'w', 'q', 's', 't', 'r']));
  });

  test('the semantic one is that of equivalent formulas under other names', () => {
    const key = (text: string): string => computeSemanticPattern(parse(text));
    expect(key('p -> q')).toBe(key('~r | s'));
    expect(key('p -> q')).toBe(key('q -> p'));
    expect(key('p & q')).not.toBe(key('p | q'));
    const free = (text: string): string => computeSemanticPattern(parse(text), { ignorePolarity: true });
    expect(free('p -> q')).toBe(free('p | q'));
    expect(free('p & q')).not.toBe(free('p | q'));
    expect(() => key('p & q & r & s & t & u & w')).toThrow(/at most 6 atoms, received 7/);
  });
});

function measureLength(formula: ReturnType<typeof parse>): number {
  const { connectives, negations } = measureComplexity(formula);
  return connectives + negations;
}

/** The same formula with the operands of ∧, ∨ and ↔ in the other order. */
function turnAround(formula: ReturnType<typeof parse>): ReturnType<typeof parse> {
  if (formula.kind === 'atom') return formula;
  if (formula.kind === 'not') return { ...formula, operand: turnAround(formula.operand) };
  const [left, right] = [turnAround(formula.left), turnAround(formula.right)];
  return formula.kind === 'implies' ? { ...formula, left, right } : { ...formula, left: right, right: left };
}
