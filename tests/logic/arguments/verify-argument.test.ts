import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import {
  and,
  atom,
  equivalent,
  evaluateFormula,
  implies,
  isTautology,
  not,
  parseFormula,
  verifyArgument,
} from '../../../lib/logic/index.js';
import { fallacyForms, validForms } from '../../../lib/logic/arguments/argument-forms.js';
import { drawFormula } from '../draw-formula.js';

const verify = (premises: string[], conclusion: string, options = {}) =>
  verifyArgument(premises.map(parseFormula), parseFormula(conclusion), options);

describe('forms', () => {
  test('the named valid forms are valid, the named fallacies are not', () => {
    const valid = ({ premises, conclusion }: (typeof validForms)[number] | (typeof fallacyForms)[number]) =>
      isTautology(implies(premises.reduce(and), conclusion));
    expect(validForms.filter((form) => valid(form) !== true)).toEqual([]);
    expect(fallacyForms.filter((form) => valid(form) !== false)).toEqual([]);
  });

  test.each([
    ['modusPonens', ['p', 'p -> q'], 'q'],
    ['modusTollens', ['p -> q', '~q'], '~p'],
    ['modusTollens', ['~p -> q', '~q'], 'p'],
    ['hypotheticalSyllogism', ['q -> r', 'p -> q'], 'p -> r'],
    ['disjunctiveSyllogism', ['~q', 'p | q'], 'p'],
    ['disjunctiveSyllogism', ['~p | q', 'p'], 'q'],
    ['constructiveDilemma', ['p | r', 'p -> q', 'r -> s'], 's | q'],
    ['constructiveDilemma', ['p -> q', 'r -> q', 'p | r'], 'q'],
    ['destructiveDilemma', ['p -> q', 'r -> s', '~q | ~s'], '~p | ~r'],
    ['modusPonens', ['(p & q) -> (r | s)', 'q & p'], 'r | s'],
    ['modusPonens', ['(p -> q) & p'], 'q'],
    ['contraposition', ['p -> ~q'], 'q -> ~p'],
    ['conjunction', ['p', 'q'], 'q & p'],
  ])('%s: %j, so %s', (form, premises, conclusion) => {
    expect(verify(premises, conclusion)).toMatchObject({ status: 'valid', form, countermodels: [] });
  });

  test.each([
    ['affirmingTheConsequent', ['p -> q', 'q'], 'p'],
    ['affirmingTheConsequent', ['~p -> ~q', '~q'], '~p'],
    ['denyingTheAntecedent', ['p -> q', '~p'], '~q'],
    ['denyingTheAntecedent', ['~p -> q', 'p'], '~q'],
    ['illicitConversion', ['p -> q'], 'q -> p'],
    ['illicitInversion', ['p -> q'], '~p -> ~q'],
    ['affirmingADisjunct', ['q | p', 'p'], '~q'],
    ['denyingAConjunct', ['~(p & q)', '~q'], 'p'],
    ['brokenChain', ['p -> q', 'r -> q'], 'p -> r'],
    ['brokenChain', ['p -> q', 'p -> r'], 'q -> r'],
    ['conditionalAsBiconditional', ['p -> q'], 'q <-> p'],
    ['affirmingTheConsequent', ['s', '(p & r) -> ~~q', 'q'], 'r & p'],
  ])('%s: %j, so %s', (fallacy, premises, conclusion) => {
    const verdict = verify(premises, conclusion);
    expect(verdict).toMatchObject({ status: 'formalFallacy', fallacy });
    expect(verdict.countermodels.length).toBeGreaterThan(0);
  });

  test('a conversion of only if and unless is named by its words', () => {
    expect(verify(['p -> q'], 'q -> p', { cues: ['sólo si'] }).fallacy).toBe('onlyIfReversed');
    expect(verify(['p -> q'], 'q -> p', { cues: ['A menos que'] }).fallacy).toBe('unlessReversed');
    expect(verify(['r', 'p -> q'], 'q -> p', { cues: [undefined, 'solo cuando'] }).fallacy).toBe('onlyIfReversed');
  });

  test('what has no name is no sequence', () => {
    expect(verify(['p'], 'q')).toMatchObject({ status: 'invalid', fallacy: 'nonSequitur' });
    expect(verify(['p -> q', 'q -> r', '~q'], 'p -> ~r').status).not.toBe('invalid');
    const verdict = verify(['p | q | r', '~p'], 'q');
    expect(verdict).toMatchObject({ status: 'invalid', fallacy: 'nonSequitur' });
    expect(verdict.countermodels).toEqual([{ p: false, q: false, r: true }]);
  });
});

test('countermodels are the first three in the order of a truth table', () => {
  expect(verify(['p | ~p'], 'q & r').countermodels).toEqual([
    { p: false, q: false, r: false },
    { p: false, q: false, r: true },
    { p: false, q: true, r: false },
  ]);
});

test('flags', () => {
  expect(verify(['p', '~p'], 'q')).toMatchObject({ status: 'valid', flags: { inconsistentPremises: true } });
  expect(verify(['p'], 'q | ~q').flags).toEqual({
    inconsistentPremises: false,
    tautologicalConclusion: true,
    petitio: false,
    unusedPremises: [0],
  });
  expect(verify(['p & q', 'r'], '~~(q & p)').flags).toMatchObject({ petitio: true, unusedPremises: [1] });
  expect(verify(['p -> q', 'p', 'p', 'r'], 'q').flags.unusedPremises).toEqual([2, 3]);
  expect(() => verify([], 'p')).toThrow(/one premise or more/);
});

test('verdicts of random arguments agree with truth; countermodels speak against them', () => {
  const random = new Random(9);
  const seen = { valid: 0, other: 0 };
  for (let i = 0; i < 1500; i++) {
    const draw = () => drawFormula(random, 2, ['p', 'q', 'r']);
    const premises = [draw(), draw(), draw()].slice(0, 1 + random.integer(3));
    const conclusion = draw();
    const { status, countermodels, flags } = verifyArgument(premises, conclusion);
    const all = premises.reduce(and);
    expect(status === 'valid').toBe(equivalent(and(all, conclusion), all));
    seen[status === 'valid' ? 'valid' : 'other']++;
    expect(countermodels.length > 0).toBe(status !== 'valid');
    for (const model of countermodels) expect(evaluateFormula(and(all, not(conclusion)), model)).toBe(true);
    const needed = premises.filter((_, place) => !flags.unusedPremises.includes(place));
    if (status === 'valid' && needed.length > 0)
      expect(isTautology(implies(needed.reduce(and), conclusion))).toBe(true);
  }
  expect(seen.valid).toBeGreaterThan(100);
  expect(seen.other).toBeGreaterThan(100);
});

test('beyond 20 atoms a search decides, or the verdict is unknown', () => {
  const names = Array.from({ length: 30 }, (_, i) => atom(`p${i}`));
  const chain = names.slice(1).map((next, i) => implies(names[i]!, next));
  expect(verifyArgument([...chain, names[0]!], names[29]!)).toMatchObject({ status: 'valid' });
  const broken = verifyArgument([...chain, names[29]!], names[0]!);
  expect(broken.countermodels).toHaveLength(1);
  expect(broken.countermodels[0]).toMatchObject({ p0: false, p29: true });
});
