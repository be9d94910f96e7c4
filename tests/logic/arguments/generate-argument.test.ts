import { describe, expect, test } from '@jest/globals';
import { generateArgument, joinAtoms, parseFormula, verifyArgument } from '../../../lib/logic/index.js';
import type { GeneratedArgument } from '../../../lib/logic/index.js';
import { fallacyForms, validForms } from '../../../lib/logic/arguments/argument-forms.js';
import { deriveProposition } from '../../../lib/logic/arguments/compose/derive-proposition.js';
import { Random } from '../../../lib/core/index.js';

const draw = (kind: 'valid' | 'fallacy', count: number) =>
  Array.from({ length: count }, (_, index) => generateArgument(index, { seed: 11, kind, slice: 'train' }));

function judge({ premises, conclusion }: GeneratedArgument) {
  const parts = [...premises, conclusion].map(({ formula, atoms }) => ({ formula: parseFormula(formula), atoms }));
  const { formulas } = joinAtoms(parts);
  return verifyArgument(formulas.slice(0, -1), formulas.at(-1)!);
}

describe('arguments in Spanish', () => {
  test('follow from their premises where they are valid, each form in turn, and else do not', () => {
    const valid = draw('valid', 2 * validForms.length);
    expect(valid.map(({ form }) => form)).toEqual([...validForms, ...validForms].map(({ name }) => name));
    expect(valid.filter((one) => judge(one).status !== 'valid')).toEqual([]);
    const fallacies = draw('fallacy', 3 * fallacyForms.length);
    expect(fallacies.filter((one) => judge(one).status !== 'formalFallacy')).toEqual([]);
    expect(new Set(fallacies.map(({ form }) => form)).size).toBe(8);
  });

  test('are their sentences in a row, the conclusion behind words that announce it', () => {
    for (const { text, premises, conclusion } of draw('valid', 18)) {
      const before = premises.map(({ input }) => input).join(' ');
      expect(text.startsWith(`${before} `)).toBe(true);
      const end = conclusion.input.slice(1);
      expect(text.endsWith(end)).toBe(true);
      expect(text.slice(before.length + 1, -end.length - 1)).toMatch(/^(?:[A-Z][a-z í]+,?) $/u);
      const glosses = [...premises, conclusion].flatMap(({ atoms }) => atoms.map(({ gloss }) => gloss));
      expect(glosses.every((gloss) => /^\p{L}.+\p{L}$|\d$/u.test(gloss))).toBe(true);
    }
  });

  test('depend on seed, kind and place alone, and on the slice', () => {
    const settings = { seed: 3, kind: 'valid', slice: 'test' } as const;
    expect(generateArgument(5, settings)).toEqual(generateArgument(5, { ...settings }));
    expect(generateArgument(5, { ...settings, slice: 'train' }).text).not.toBe(generateArgument(5, settings).text);
    expect(() => generateArgument(-1, settings)).toThrow('index');
    expect(() => generateArgument(0, { ...settings, kind: 'sound' as never })).toThrow('valid');
  });
});

test('every proposition of every form has a construction, other formulas none', () => {
  const random = new Random(4);
  for (const { premises, conclusion } of [...validForms, ...fallacyForms])
    for (const formula of [...premises, conclusion]) expect(deriveProposition(formula, random)).toBeDefined();
  expect(deriveProposition(parseFormula('(a -> b) -> c'), random)).toBeUndefined();
});
