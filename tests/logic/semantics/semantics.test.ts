import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import {
  and,
  atom,
  buildTruthTable,
  countTrueRows,
  equivalent,
  evaluateFormula,
  findModel,
  iff,
  isContingent,
  isContradiction,
  isTautology,
  listAtoms,
  listRows,
  not,
  or,
  parseFormula,
  readRow,
  readValuation,
} from '../../../lib/logic/index.js';
import type { Formula } from '../../../lib/logic/index.js';
import { drawFormula } from '../draw-formula.js';

const parse = parseFormula;
const letters = (count: number): string[] => Array.from({ length: count }, (_, i) => `p${i}`);

describe('truth tables', () => {
  test('rows are in lexicographic order, false before true', () => {
    const table = buildTruthTable(parse('p & ~q'));
    expect(table).toMatchObject({ atoms: ['p', 'q'], rows: 4 });
    expect([0, 1, 2, 3].map((row) => readRow(table, row))).toEqual([false, false, true, false]);
    expect(readValuation(table, 2)).toEqual({ p: true, q: false });
    expect(listRows(table, false)).toEqual([0, 1, 3]);
    expect(listRows(table, false, 2)).toEqual([0, 1]);
    expect(() => readRow(table, 4)).toThrow(/from 0 to 3, received 4/);
  });

  test.each([1, 3, 5, 6, 9])('%i atoms: every row as by evaluation', (count) => {
    const random = new Random(count);
    for (let i = 0; i < 60; i++) {
      const formula = drawFormula(random, 5, letters(count));
      const table = buildTruthTable(formula, letters(count));
      const wrong = Array.from({ length: table.rows }, (_, row) => row).filter(
        (row) => readRow(table, row) !== evaluateFormula(formula, readValuation(table, row)),
      );
      expect(wrong).toEqual([]);
      expect(countTrueRows(table)).toBe(listRows(table, true).length);
    }
  });

  test('20 atoms are a table, 21 are not', () => {
    const chain = (count: number): Formula => letters(count).map(atom).reduce<Formula>(iff, atom('p0'));
    expect(countTrueRows(buildTruthTable(chain(20)))).toBe(2 ** 19);
    expect(() => buildTruthTable(chain(21))).toThrow(/at most 20 atoms, received 21/);
    expect(() => buildTruthTable(parse('p & q'), ['p'])).toThrow(/none called q/);
    expect(() => buildTruthTable(parse('p'), ['p', 'p'])).toThrow(/atoms that differ/);
    expect(() => evaluateFormula(parse('p & q'), { p: true })).toThrow(/a truth value for q/);
  });
});

describe('equivalence', () => {
  test.each([
    ['p -> q', '~p | q'],
    ['p -> q', '~q -> ~p'],
    ['~(p & q)', '~p | ~q'],
    ['~(p | q)', '~p & ~q'],
    ['~~p', 'p'],
    ['p <-> q', '(p -> q) & (q -> p)'],
    ['(p & q) -> r', 'p -> (q -> r)'],
    ['p & (q & r)', '(p & q) & r'],
    ['p | (p & q)', 'p'],
    ['p', 'p & (q | ~q)'],
  ])('%s and %s', (a, b) => {
    expect(equivalent(parse(a), parse(b))).toBe(true);
  });

  test.each([
    ['p -> q', 'q -> p'],
    ['p -> q -> r', '(p -> q) -> r'],
    ['p', 'q'],
    ['p | q', 'p & q'],
  ])('not %s and %s', (a, b) => {
    expect(equivalent(parse(a), parse(b))).toBe(false);
  });

  test('tautologies, contradictions and what is neither', () => {
    const judge = (text: string): unknown[] => [isTautology, isContradiction, isContingent].map((f) => f(parse(text)));
    expect(judge('p | ~p')).toEqual([true, false, false]);
    expect(judge('p & ~p')).toEqual([false, true, false]);
    expect(judge('p -> q')).toEqual([false, false, true]);
  });
});

describe('findModel', () => {
  test('agrees with truth tables; its models hold', () => {
    const random = new Random(7);
    let none = 0;
    for (let i = 0; i < 2000; i++) {
      const formula = [1, 2, 3, 4].map(() => drawFormula(random, 4, letters(4))).reduce(and);
      const found = findModel(formula);
      const models = countTrueRows(buildTruthTable(formula));
      none += Number(models === 0);
      expect(found.status).toBe(models === 0 ? 'none' : 'found');
      if (found.status === 'found') expect(evaluateFormula(formula, found.model)).toBe(true);
    }
    expect(none).toBeGreaterThan(100);
  });

  test('De Morgan over 200 atoms is proved', () => {
    const names = letters(200).map(atom);
    const a = not(names.reduce<Formula>(and, names[0]!));
    const b = names.map(not).reduce<Formula>(or, not(names[0]!));
    expect(equivalent(a, b)).toBe(true);
    expect(equivalent(a, not(b))).toBe(false);
  });

  test('what takes too long is unknown, not a guess', () => {
    const pigeons = placePigeons(9);
    expect(listAtoms(pigeons)).toHaveLength(72);
    expect(findModel(pigeons, { budget: 50 })).toEqual({ status: 'unknown' });
    expect(isContradiction(pigeons, { budget: 50 })).toBeUndefined();
    expect(isContingent(pigeons, { budget: 50 })).toBeUndefined();
    expect(isContradiction(placePigeons(5), { budget: 10_000 })).toBe(true);
    expect(() => findModel(pigeons, { budget: 0 })).toThrow(/budget/);
  });
});

/** Some pigeons in one hole fewer, at most one in each: no valuation makes it true. */
function placePigeons(pigeons: number): Formula {
  const holes = Array.from({ length: pigeons - 1 }, (_, i) => i);
  const birds = Array.from({ length: pigeons }, (_, i) => i);
  const lies = (bird: number, hole: number): Formula => atom(`p${bird * 100 + hole}`);
  const housed = birds.map((bird) => holes.map((hole) => lies(bird, hole)).reduce(or));
  const pairs = birds.flatMap((a) => birds.filter((b) => b > a).map((b) => [a, b] as const));
  const alone = holes.flatMap((hole) => pairs.map(([a, b]) => not(and(lies(a, hole), lies(b, hole)))));
  return balance([...housed, ...alone]);
}

function balance(formulas: readonly Formula[]): Formula {
  if (formulas.length === 1) return formulas[0]!;
  const middle = formulas.length >> 1;
  return and(balance(formulas.slice(0, middle)), balance(formulas.slice(middle)));
}
