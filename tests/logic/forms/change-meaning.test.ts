import { expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import {
  changeMeaning,
  equivalent,
  generateRecord,
  listAtoms,
  parseFormula,
  printFormula,
} from '../../../lib/logic/index.js';

/** What comes of a formula by many seeds. */
function listChanges(text: string): Set<string> {
  const formula = parseFormula(text);
  return new Set(Array.from({ length: 400 }, (_, seed) => printFormula(changeMeaning(formula, new Random(seed)))));
}

test('a misreading has the same atoms and means something else, and can be parsed', () => {
  for (let index = 0; index < 300; index++) {
    const formula = parseFormula(generateRecord(index, { seed: 12 }).formula);
    const changed = changeMeaning(formula, new Random(index));
    expect(equivalent(formula, parseFormula(printFormula(changed)))).toBe(false);
    expect(listAtoms(changed).sort()).toEqual(listAtoms(formula).sort());
  }
});

test('all kinds of edits come', () => {
  expect(listChanges('p')).toEqual(new Set(['¬p']));
  const implications = ['q → p', 'p ↔ q', '¬p → q', 'p → ¬q', '¬(p → q)'];
  expect([...listChanges('p -> q')].sort()).toEqual(implications.sort());
  const unless = listChanges('~p -> q');
  expect([...unless]).toEqual(expect.arrayContaining(['p → ¬q', 'p → q', '¬(p → q)', '¬p ↔ q']));
  expect([...listChanges('p & (q | r)')]).toEqual(
    expect.arrayContaining(['(p ∧ q) ∨ r', 'p ∨ (q ∨ r)', 'p ∧ (q ∧ r)', 'q ∧ (p ∨ r)'].map(print)),
  );
});

test('a formula that always holds is misread too, and a seed draws the same', () => {
  expect(equivalent(parseFormula('p | ~p'), changeMeaning(parseFormula('p | ~p'), new Random(0)))).toBe(false);
  const formula = parseFormula('(p & q) -> r');
  expect(changeMeaning(formula, new Random(5))).toEqual(changeMeaning(formula, new Random(5)));
});

function print(text: string): string {
  return printFormula(parseFormula(text));
}
