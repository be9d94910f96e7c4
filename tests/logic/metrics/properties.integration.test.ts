import { isDeepStrictEqual } from 'node:util';

import { describe, expect, test } from '@jest/globals';

import { Random } from '../../../lib/core/index.js';
import {
  and,
  atom,
  combine,
  equivalent,
  formulaStyles,
  not,
  parseFormula,
  printFormula,
  renameAtoms,
  scorePrediction,
} from '../../../lib/logic/index.js';
import type { Formula, GlossedFormula, PredictionScores } from '../../../lib/logic/index.js';
import { glossed, readSet } from '../development/read-sets.js';
import { drawFormula } from '../draw-formula.js';

const references = [...readSet('development.jsonl'), ...readSet('pairs.jsonl')].map(glossed);
const LETTERS = ['p', 'q', 'r', 's', 't', 'u', 'v', 'w'];

/** Each way to write a connective. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  '¬': ['¬', '~', '!', 'not '],
  '∧': ['∧', '&', '&&', '^', 'and'],
  '∨': ['∨', '|', '||', 'or'],
  '→': ['→', '->', '=>', '⇒', '⊃', 'implies'],
  '↔': ['↔', '<->', '<=>', '⇔', '≡', 'iff'],
};

test('10,000 random formulas come back from every style in every alias', () => {
  const random = new Random(11);
  const broken: string[] = [];
  const styles = formulaStyles.filter((style) => style === 'pretty' || style === 'minimal');
  for (let i = 0; i < 10_000; i++) {
    const formula = drawFormula(random, 5);
    const text = printFormula(formula, styles[i % 2]);
    const other = text.replace(/[¬∧∨→↔]/g, (symbol) => {
      const aliases = ALIASES[symbol]!;
      return aliases[random.integer(aliases.length)]!;
    });
    if (!isDeepStrictEqual(parseFormula(other), formula)) broken.push(other);
  }
  expect(broken).toEqual([]);
});

describe('scores of the hand-written sentences', () => {
  test('renamed letters with the right clauses are right in everything', () => {
    for (const { formula, atoms } of references) {
      const turn = (letter: string): string => LETTERS[(LETTERS.indexOf(letter) + 3) % LETTERS.length]!;
      const renamed = {
        formula: renameAtoms(formula, new Map(atoms!.map(({ letter }) => [letter, turn(letter)]))),
        atoms: atoms!.map(({ letter, gloss }) => ({ letter: turn(letter), gloss })).reverse(),
      };
      const { semantic, canonical, atomF1, glossF1, subformulaF1 } = scorePrediction(renamed, { formula, atoms });
      expect([semantic, canonical, atomF1, glossF1, subformulaF1]).toEqual([1, 1, 1, 1, 1]);
    }
  });

  test('a denied clause with a denied letter is right, with an affirmed one wrong', () => {
    for (const { formula, atoms } of references) {
      const denied = atoms!.map(({ letter, gloss }, place) => ({ letter, gloss: place === 0 ? `no ${gloss}` : gloss }));
      const turned = mapAtoms(formula, (name) => (name === 'p' ? not(atom(name)) : atom(name)));
      expect(scorePrediction({ formula: turned, atoms: denied }, { formula, atoms }).semantic).toBe(1);
      expect(scorePrediction({ formula, atoms: denied }, { formula, atoms }).semantic).toBe(0);
    }
  });

  test('the converse of an implication never counts as right', () => {
    let turned = 0;
    for (const reference of references) {
      for (const converse of listConverses(reference.formula)) {
        if (equivalent(converse, reference.formula) === true) continue;
        turned++;
        expect(scorePrediction({ ...reference, formula: converse }, reference).semantic).toBe(0);
      }
    }
    expect(turned).toBeGreaterThan(150);
  });

  test('the same formula about another sentence is wrong', () => {
    let others = 0;
    for (const reference of references) {
      const key = printFormula(reference.formula);
      for (const { formula, atoms } of references) {
        if (atoms === reference.atoms || printFormula(formula) !== key) continue;
        others++;
        expect(scorePrediction({ formula, atoms }, reference).semantic).toBe(0);
      }
    }
    expect(others).toBeGreaterThan(100);
  });

  test('no formula scores nothing', () => {
    for (const reference of references) {
      expect(new Set(Object.values(scorePrediction(undefined, reference)))).toEqual(new Set([0]));
    }
  });

  test('no score rises with what is added to a right formula', () => {
    const risen: string[] = [];
    for (const reference of references) {
      let last = scorePrediction(reference, reference);
      for (let count = 1; count <= 3; count++) {
        const scores = scorePrediction(addJunk(reference, count), reference);
        for (const [name, score] of Object.entries(scores)) {
          if (score > last[name as keyof PredictionScores] + 1e-12) risen.push(name);
        }
        expect(scores.semantic).toBe(0);
        last = scores;
      }
    }
    expect(risen).toEqual([]);
  });
});

/** A prediction with clauses that the sentence doesn't say. */
function addJunk({ formula, atoms }: GlossedFormula, count: number): GlossedFormula {
  const names = Array.from({ length: count }, (_, i) => `x${i + 1}`);
  return {
    formula: names.reduce<Formula>((whole, name) => and(whole, atom(name)), formula),
    atoms: [...atoms!, ...names.map((letter) => ({ letter, gloss: `${letter}zzz qqq${letter}` }))],
  };
}

function mapAtoms(formula: Formula, change: (name: string) => Formula): Formula {
  if (formula.kind === 'atom') return change(formula.name);
  if (formula.kind === 'not') return not(mapAtoms(formula.operand, change));
  return combine(formula.kind, mapAtoms(formula.left, change), mapAtoms(formula.right, change));
}

/** The formulas that come of turning one implication around. */
function listConverses(formula: Formula): Formula[] {
  if (formula.kind === 'atom') return [];
  if (formula.kind === 'not') return listConverses(formula.operand).map(not);
  const { kind, left, right } = formula;
  return [
    ...(kind === 'implies' ? [combine(kind, right, left)] : []),
    ...listConverses(left).map((other) => combine(kind, other, right)),
    ...listConverses(right).map((other) => combine(kind, left, other)),
  ];
}
