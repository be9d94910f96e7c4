import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import {
  alignAtoms,
  computePartialCredit,
  computeTreeEditDistance,
  parseFormula,
  printFormula,
  scorePrediction,
} from '../../../lib/logic/index.js';
import { assignByWeight } from '../../../lib/logic/metrics/assign.js';
import { computeTokenF1, readGloss } from '../../../lib/logic/metrics/glosses.js';
import type { Formula } from '../../../lib/logic/index.js';
import { drawFormula } from '../draw-formula.js';

const parse = parseFormula;

describe('tree edit distance', () => {
  test.each([
    ['p', 'p', 0],
    ['p', 'q', 1],
    ['p', '~p', 1],
    ['p & q', 'q & p', 0],
    ['p -> q', 'q -> p', 2],
    ['p -> q', 'p & q', 1],
    ['(p & q) -> r', '(p & q) -> s', 1],
    ['~(p & q)', '~p & q', 2],
    ['p & (q | r)', 'p', 4],
  ])('%s and %s: %i', (a, b, distance) => {
    expect(computeTreeEditDistance(parse(a), parse(b))).toBe(distance);
    expect(computeTreeEditDistance(parse(b), parse(a))).toBe(distance);
  });

  test('as by the recursion over forests that defines it', () => {
    const random = new Random(2);
    for (let i = 0; i < 150; i++) {
      const draw = (): Formula => drawImplications(random, 2);
      const [a, b] = [draw(), draw()];
      expect(computeTreeEditDistance(a, b)).toBe(measureForests([a], [b]));
    }
  });

  test('partial credit is 1 less the share of nodes to change', () => {
    expect(computePartialCredit(parse('p'), parse('~p'))).toBe(0.5);
    expect(computePartialCredit(parse('p & q -> r'), parse('p & q -> s'))).toBe(0.8);
    expect(computePartialCredit(parse('p | q'), parse('q | p'))).toBe(1);
  });
});

test('assignments have the largest sum, whatever the shape', () => {
  const random = new Random(6);
  for (let i = 0; i < 200; i++) {
    const [rows, columns] = [1 + random.integer(5), 1 + random.integer(5)];
    const weights = Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.integer(10)));
    const assigned = assignByWeight(weights);
    const used = assigned.filter((column) => column !== undefined);
    expect(new Set(used).size).toBe(used.length);
    const sum = assigned.reduce<number>(
      (total, column, row) => total + (column === undefined ? 0 : weights[row]![column]!),
      0,
    );
    expect(sum).toBe(findLargestSum(weights, 0, new Set()));
  }
  expect(assignByWeight([])).toEqual([]);
});

describe('glosses', () => {
  test.each([
    ['llueve', 'está lloviendo', false],
    ['el usuario paga', 'los usuarios pagan', true],
    ['La alarma está activada', 'alarma activada', true],
    ['llevo paraguas', 'no llevo paraguas', true],
  ])('%s and %s have the same words: %s', (a, b, same) => {
    expect(computeTokenF1(readGloss(a).stems, readGloss(b).stems) === 1).toBe(same);
  });

  test('negations are seen; a clause of nothing but small words keeps them', () => {
    expect(readGloss('No llueve').negative).toBe(true);
    expect(readGloss('nunca llueve').negative).toBe(true);
    expect(readGloss('llueve').negative).toBe(false);
    expect(readGloss('es ella').stems).toHaveLength(2);
    expect(computeTokenF1([], [])).toBe(1);
    expect(computeTokenF1(['a', 'a'], ['a'])).toBeCloseTo(2 / 3);
  });
});

describe('alignment', () => {
  const gold = {
    formula: parse('(p & ~q) -> r'),
    atoms: [
      { letter: 'p', gloss: 'llueve' },
      { letter: 'q', gloss: 'llevo paraguas' },
      { letter: 'r', gloss: 'me mojo' },
    ],
  };

  test('letters follow their clauses, not their names', () => {
    const atoms = [
      { letter: 'q', gloss: 'llueve' },
      { letter: 'p', gloss: 'llevo un paraguas' },
      { letter: 's', gloss: 'me mojo' },
    ];
    const { formula, by } = alignAtoms({ formula: parse('(q & ~p) -> s'), atoms }, gold);
    expect([printFormula(formula), by]).toEqual(['(p ∧ ¬q) → r', 'gloss']);
    expect(scorePrediction({ formula: parse('(q & ~p) -> s'), atoms }, gold)).toMatchObject({
      ...{ valid: 1, exact: 1, canonical: 1, semantic: 1, atomF1: 1, root: 1, connectiveF1: 1 },
      ...{ partialCredit: 1, subformulaF1: 1, compositional: 1, agreement: 1 },
    });
  });

  test('a clause that negates the reference turns its letter around', () => {
    const atoms = [
      { letter: 'p', gloss: 'llueve' },
      { letter: 'q', gloss: 'no llevo paraguas' },
      { letter: 'r', gloss: 'me mojo' },
    ];
    const prediction = { formula: parse('(p & q) -> r'), atoms };
    expect(printFormula(alignAtoms(prediction, gold).formula)).toBe('(p ∧ ¬q) → r');
    expect(alignAtoms(prediction, gold).pairs.map(({ polarityFlip }) => polarityFlip)).toEqual([false, true, false]);
    expect(scorePrediction(prediction, gold).semantic).toBe(1);
  });

  test('letters of other clauses never pass for those of the reference', () => {
    const atoms = [
      { letter: 'p', gloss: 'canta el gallo' },
      { letter: 'q', gloss: 'llevo paraguas' },
      { letter: 'r', gloss: 'me mojo' },
    ];
    const scores = scorePrediction({ formula: parse('(p & ~q) -> r'), atoms }, gold);
    expect(scores.semantic).toBe(0);
    expect(scores.atomF1).toBeCloseTo(2 / 3);
  });

  test('q → p is not p → q, with clauses or without', () => {
    const reference = { formula: parse('p -> q') };
    expect(scorePrediction({ formula: parse('q -> p') }, reference)).toMatchObject({
      semantic: 0,
      root: 1,
      agreement: 0.5,
    });
  });

  test('the compositional score weighs four others', () => {
    const [prediction, reference] = [{ formula: parse('p & q') }, { formula: parse('p -> q') }];
    // Atoms 1, of three parts two, another connective, not equivalent.
    const compose = (weights = {}) => scorePrediction(prediction, reference, weights).compositional;
    expect(compose()).toBeCloseTo(5 / 12, 12);
    expect(compose({ root: 0, semantic: 0 })).toBeCloseTo(5 / 6, 12);
    expect(compose({ atomF1: 0.5, parts: 0, root: 0, semantic: 1.5 })).toBe(0.25);
    expect(() => compose({ root: -1 })).toThrow('[PAL_ARGUMENT]');
    expect(() => compose({ atomF1: 0, parts: 0, root: 0, semantic: 0 })).toThrow('a weight above 0');
  });

  test('no formula scores nothing', () => {
    expect(new Set(Object.values(scorePrediction(undefined, gold)))).toEqual(new Set([0]));
  });
});

/** A random tree of connectives whose operands have an order of their own. */
function drawImplications(random: Random, levels: number): Formula {
  const formula = drawFormula(random, levels, ['p', 'q']);
  const visit = (node: Formula): Formula => {
    if (node.kind === 'atom') return node;
    if (node.kind === 'not') return { ...node, operand: visit(node.operand) };
    return { kind: 'implies', left: visit(node.left), right: visit(node.right) };
  };
  return visit(formula);
}

/** The distance of two ordered forests: the last roots are removed, added or matched. */
function measureForests(a: readonly Formula[], b: readonly Formula[]): number {
  if (a.length === 0) return b.reduce((sum, tree) => sum + countAll(tree), 0);
  if (b.length === 0) return a.reduce((sum, tree) => sum + countAll(tree), 0);
  const [lastA, lastB] = [a.at(-1)!, b.at(-1)!];
  const [restA, restB] = [a.slice(0, -1), b.slice(0, -1)];
  const changed = Number(getLabel(lastA) !== getLabel(lastB));
  return Math.min(
    measureForests([...restA, ...getChildren(lastA)], b) + 1,
    measureForests(a, [...restB, ...getChildren(lastB)]) + 1,
    measureForests(restA, restB) + measureForests(getChildren(lastA), getChildren(lastB)) + changed,
  );
}

function getChildren(node: Formula): readonly Formula[] {
  if (node.kind === 'atom') return [];
  return node.kind === 'not' ? [node.operand] : [node.left, node.right];
}

function getLabel(node: Formula): string {
  return node.kind === 'atom' ? node.name : node.kind;
}

function countAll(node: Formula): number {
  return 1 + getChildren(node).reduce((sum, child) => sum + countAll(child), 0);
}

function findLargestSum(weights: readonly (readonly number[])[], row: number, used: ReadonlySet<number>): number {
  if (row === weights.length) return 0;
  const skipped = findLargestSum(weights, row + 1, used);
  const taken = weights[row]!.map((weight, column) =>
    used.has(column) ? 0 : weight + findLargestSum(weights, row + 1, new Set([...used, column])),
  );
  return Math.max(skipped, ...taken);
}
