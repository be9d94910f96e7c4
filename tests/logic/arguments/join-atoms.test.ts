import { describe, expect, test } from '@jest/globals';
import { isSentence, joinAtoms, parseFormula, printFormula, verifyArgument } from '../../../lib/logic/index.js';

/** A formula and the clauses of p, q and r. */
const say = (formula: string, ...glosses: string[]) => ({
  formula: parseFormula(formula),
  atoms: glosses.map((gloss, place) => ({ letter: 'pqr'[place]!, gloss })),
});

describe('letters of several sentences', () => {
  test('are one where their clauses have the same words, whatever they are called', () => {
    const { formulas, atoms } = joinAtoms([
      say('p -> q', 'llueve en la sierra', 'el río crece'),
      say('p', 'el río crece'),
      say('p', 'llueve en la sierra'),
    ]);
    expect(formulas.map((one) => printFormula(one, 'ascii'))).toEqual(['p -> q', 'q', 'p']);
    expect(atoms).toEqual([
      { letter: 'p', gloss: 'llueve en la sierra' },
      { letter: 'q', gloss: 'el río crece' },
    ]);
    expect(verifyArgument(formulas.slice(0, 2), formulas[2]!).fallacy).toBe('affirmingTheConsequent');
  });

  test('follow the order of mention, not of the formula; other inflections and a lost word are the same clause', () => {
    const { formulas, atoms } = joinAtoms([
      say('q -> p', 'los vecinos pintan la puerta grande', 'canta el gallo'),
      say('p & q', 'los vecinos pintaban la puerta', 'cantó el gallo'),
    ]);
    expect(formulas.map((one) => printFormula(one, 'ascii'))).toEqual(['q -> p', 'p & q']);
    expect(atoms).toHaveLength(2);
  });

  test('stay two where one word of three differs, and within a sentence', () => {
    const { formulas } = joinAtoms([
      say('p | q', 'el médico receta jarabe', 'el médico receta pastillas'),
      say('p', 'el médico receta pastillas'),
      say('p & q', 'llueve', 'llueve'),
    ]);
    expect(formulas.map((one) => printFormula(one, 'ascii'))).toEqual(['p | q', 'q', 'r & s']);
  });

  test('are denied where a clause denies the other', () => {
    const { formulas } = joinAtoms([say('p', 'no llueve en Cádiz'), say('p', 'llueve en Cádiz')]);
    expect(formulas.map((one) => printFormula(one, 'ascii'))).toEqual(['p', '~p']);
  });

  test('without a clause are shared with nothing', () => {
    const { formulas, atoms } = joinAtoms([say('p -> q', 'llueve'), { formula: parseFormula('q -> p') }]);
    expect(formulas.map((one) => printFormula(one, 'ascii'))).toEqual(['p -> q', 'r -> s']);
    expect(atoms.map(({ gloss }) => gloss)).toEqual(['llueve', '', '', '']);
  });
});

test('sentences are told from formulas, and from formulas with a fault', () => {
  const texts = ['p -> q', 'not p', '~', 'p & )', 'p and )', 'Llueve.', 'Si p, q', 'y o', ''];
  expect(texts.filter(isSentence)).toEqual(['Llueve.', 'Si p, q']);
});
