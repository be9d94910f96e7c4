import { describe, expect, test } from '@jest/globals';

import { parseFormula } from '../../../lib/logic/formula/parse-formula.js';
import { rules } from '../../../lib/logic/grammar/constructions/rules.js';
import { readSentence } from '../../../lib/logic/grammar/reading/read-sentence.js';
import { computeValues, makeValueSpace } from '../../../lib/logic/grammar/reading/truth-values.js';
import { nameAtom } from '../../../lib/logic/grammar/constructions/build-formula.js';
import { generalSentences } from './general-sentences.js';
import { goldenSentences } from './golden-sentences.js';
import { markClauses } from './mark-clauses.js';

const lines = goldenSentences
  .trim()
  .split('\n')
  .map((line) => line.split(' | ') as [family: string, sentence: string, formula: string]);

/** The truth values of a formula in letters p, q, r … */
function tabulate(formula: string, atoms: number): bigint {
  const { atoms: columns, all } = makeValueSpace(atoms);
  return computeValues(parseFormula(formula), new Map(columns.map((values, i) => [nameAtom(i), values])), all);
}

describe('constructions', () => {
  test.each(lines)('%s: %s', (_family, sentence, formula) => {
    const { text, clauses, atoms } = markClauses(sentence);
    expect(readSentence(text, clauses, atoms)).toEqual([tabulate(formula, atoms)]);
  });

  test.each(generalSentences.trim().split('\n'))('%s', (line) => {
    const [sentence, formula] = line.split(' | ');
    const { text, clauses, atoms } = markClauses(sentence!);
    expect(readSentence(text, clauses, atoms)).toEqual([tabulate(formula!, atoms)]);
  });

  test('each has a sentence here', () => {
    const families = new Set(rules.map(({ family }) => family));
    expect(new Set(lines.map(([family]) => family))).toEqual(families);
    expect(families.size).toBeGreaterThan(100);
  });
});

describe('sentences with two readings', () => {
  test.each([
    ['[Llueve] y [nieva] o [hace sol].', ['(p ∧ q) ∨ r', 'p ∧ (q ∨ r)']],
    ['No es cierto que [s:llueva] si [nieva].', ['q → ¬p', '¬(q → p)']],
    ['[Llueve] y [nieva], o bien [hace sol] si y solo si [truena].', ['((p ∧ q) ∨ r) ↔ s', '(p ∧ q) ∨ (r ↔ s)']],
    ['[Llueve] o [nieva] y [hace sol].', ['(p ∨ q) ∧ r', 'p ∨ (q ∧ r)']],
    [
      'Si [llueve], [nieva] o [graniza], [hace frío] o [sopla el viento].',
      ['(p ∨ q ∨ r) → (s ∨ t)', 'p → (q ∨ r ∨ s ∨ t)'],
    ],
  ])('%s', (sentence, formulas) => {
    const { text, clauses, atoms } = markClauses(sentence);
    const meanings = readSentence(text, clauses, atoms);
    expect(meanings.length).toBeGreaterThan(1);
    for (const formula of formulas) expect(meanings).toContain(tabulate(formula, atoms));
  });

  test.each([
    ['Si [llueve], [hace frío] y [nieva].', 'p → (q ∧ r)'],
    ['Si [llueve], [hace frío]; y [nieva].', '(p → q) ∧ r'],
    ['[Salimos] si [llueve] y [nieva].', '(q ∧ r) → p'],
    ['[-:No llueve] y [nieva].', '¬p ∧ q'],
    ['[-:No llueve] ni [nieva] si [hace sol].', 'r → (¬p ∧ ¬q)'],
    ['[Salimos] si y solo si [llueve] o [nieva].', 'p ↔ (q ∨ r)'],
  ])('the scope of %s', (sentence, formula) => {
    const { text, clauses, atoms } = markClauses(sentence);
    expect(readSentence(text, clauses, atoms)).toEqual([tabulate(formula, atoms)]);
  });

  test('what no construction says is not read', () => {
    const { text, clauses, atoms } = markClauses('[Llueve] porque [nieva].');
    expect(readSentence(text, clauses, atoms)).toEqual([]);
  });
});
