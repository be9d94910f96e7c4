import { describe, expect, test } from '@jest/globals';

import { Random } from '../../../lib/core/index.js';
import { listAtoms } from '../../../lib/logic/formula/atoms.js';
import { parseFormula } from '../../../lib/logic/formula/parse-formula.js';
import { findSlice } from '../../../lib/logic/grammar/clauses/slices.js';
import { rules } from '../../../lib/logic/grammar/constructions/rules.js';
import { domains } from '../../../lib/logic/grammar/lexicon/lexicon.js';
import { writeNounPhrase } from '../../../lib/logic/grammar/lexicon/noun-phrase.js';
import type { Predicate } from '../../../lib/logic/grammar/lexicon/predicate.js';
import { addNoise } from '../../../lib/logic/grammar/records/add-noise.js';
import { generateRecord } from '../../../lib/logic/grammar/records/generate-record.js';
import { StopList } from '../../../lib/logic/grammar/records/stop-list.js';
import { isContingent } from '../../../lib/logic/semantics/equivalence.js';

const records = Array.from({ length: 3000 }, (_, index) => generateRecord(index, { seed: 7 }));

/** The share of records that pass a test. */
function share(passes: (record: (typeof records)[number]) => boolean): number {
  return records.filter(passes).length / records.length;
}

describe('records', () => {
  test('depend on the seed and their place alone', () => {
    expect(generateRecord(17, { seed: 7 })).toEqual(records[17]);
    expect(generateRecord(17, { seed: 8 }).input).not.toBe(records[17]!.input);
  });

  test('come to an end where the words at hand have no fitting pair', () => {
    expect(generateRecord(2890, { seed: 0, slice: 'train' }).input).not.toBe('');
  });

  test('are distinct but for a few, of which more than 400,000 can be reached', () => {
    const inputs = new Set(records.map(({ input }) => input));
    const repeats = records.length - inputs.size;
    expect(repeats).toBeLessThanOrEqual(8);
    // Birthday bound: n draws from S equally likely sentences repeat n²/2S times; 8 repeats of 3,000 still mean S > 560,000.
    expect(records.length ** 2 / (2 * Math.max(1, repeats))).toBeGreaterThan(400_000);
  });

  test('of a stop list are never drawn, whatever their case, marks and accents, nor with a flaw', () => {
    const stopped = records.slice(0, 200).map(({ input }) => input.toUpperCase().replace(/[.,;]/g, ''));
    const avoid = new StopList(stopped);
    const others = Array.from({ length: 300 }, (_, index) => generateRecord(index, { seed: 7, avoid }));
    expect(others.filter(({ input }) => avoid.has(input))).toEqual([]);
    const free = records.slice(0, 300).filter(({ input }) => !avoid.has(input));
    expect(free.length).toBeGreaterThan(90);
    const ids = new Set(others.map(({ id }) => id));
    expect(free.filter(({ id }) => !ids.has(id))).toEqual([]);
    expect(() => generateRecord(0, { seed: 7, avoid: stopped as never })).toThrow('avoid to be a StopList');
  });

  test('letters come in the order of first mention, one gloss each', () => {
    for (const { atoms, formula } of records) {
      const letters = atoms.map(({ letter }) => letter);
      expect(letters).toEqual(['p', 'q', 'r', 's', 't', 'u', 'v', 'w'].slice(0, letters.length));
      expect(listAtoms(parseFormula(formula)).sort()).toEqual([...letters].sort());
      expect(new Set(atoms.map(({ gloss }) => gloss)).size).toBe(atoms.length);
    }
  });

  test('formulas can be true and can be false', () => {
    for (const { formula } of records.slice(0, 1000)) expect(isContingent(parseFormula(formula))).toBe(true);
  });

  test('cues stand where their spans say', () => {
    for (const { input, connectors, provenance } of records) {
      for (const { cue, span } of connectors) {
        if (provenance.transform === 'noise') expect(span).toBeUndefined();
        else expect(input.slice(...span!).toLowerCase()).toBe(cue.split('…')[0]);
      }
    }
  });

  test('each connective of a formula has a cue, and glosses have no negation', () => {
    for (const { formula, connectors, atoms } of records) {
      const symbols = new Set(connectors.map(({ symbol }) => symbol));
      for (const symbol of formula.match(/[∧∨→↔¬]/g) ?? []) expect(symbols).toContain(symbol);
      for (const { gloss } of atoms)
        expect(gloss).not.toMatch(/(?:^| )(?:no|nunca|jamás|nadie|tampoco|ningun[ao]?|ningún)(?: |$)/);
    }
  });

  test('begin with a capital and end with a stop, but for those with a flaw', () => {
    const whole = records.filter(({ provenance }) => provenance.transform === undefined);
    expect(whole.filter(({ input }) => !/^\p{Lu}.*\.$/u.test(input))).toEqual([]);
    expect(
      whole
        .filter(({ input }) =>
          /(?<!\p{L})(?:a|de) el \p{Ll}| {2}| [,;.]|[<>{}@%~#|]|(?<!\p{L})y [ií]|undefined/u.test(input),
        )
        .map(({ input }) => input),
    ).toEqual([]);
    const flawed = share(({ provenance }) => provenance.transform === 'noise');
    expect(flawed).toBeGreaterThan(0.03);
    expect(flawed).toBeLessThan(0.07);
  });

  test('every construction occurs, and none drowns the others', () => {
    const counts = new Map<string, number>();
    for (const { surface } of records) for (const family of surface) counts.set(family, (counts.get(family) ?? 0) + 1);
    expect(new Set(counts.keys())).toEqual(new Set(rules.map(({ family }) => family)));
    expect(Math.max(...counts.values()) / records.length).toBeLessThan(0.15);
  });

  test('levels, connectives and domains are mixed', () => {
    for (const level of ['simple', 'intermediate', 'advanced'])
      expect(share(({ complexity }) => complexity === level)).toBeGreaterThan(0.2);
    for (const symbol of '¬∧∨→') expect(share(({ formula }) => formula.includes(symbol))).toBeGreaterThan(0.2);
    const iff = share(({ formula }) => formula.includes('↔'));
    expect(iff).toBeGreaterThan(0.05);
    expect(iff).toBeLessThan(0.25);
    expect(new Set(records.map(({ domain }) => domain)).size).toBe(domains.length);
  });

  test('have steps that end with the formula', () => {
    for (const { reasoning, formula } of records.slice(0, 200)) expect(reasoning.at(-1)).toBe(`Fórmula: ${formula}.`);
  });
});

describe('the lexicon', () => {
  const predicates = domains.flatMap((domain): readonly Predicate[] => [
    ...domain.groups.flatMap((group) => group.predicates),
    ...domain.passives.flatMap((group) => group.predicates),
    ...domain.actions,
    ...domain.happenings,
    ...domain.impersonal,
    ...domain.anonymous,
  ]);

  test('has at least 1,500 verb phrases and 1,500 noun phrases in 17 or more domains', () => {
    const verbs = new Set(predicates.map(({ infinitive, complement }) => `${infinitive} ${complement}`));
    const subjects = domains.flatMap(({ groups, passives, people }) => [
      ...people,
      ...[...groups, ...passives].flatMap((group) => group.subjects),
    ]);
    const objects = predicates.flatMap(
      ({ complement }) => /(?:^| )((?:el|la|los|las|un|una) .*)$/.exec(complement)?.[1] ?? [],
    );
    const nouns = new Set([...subjects.map((phrase) => writeNounPhrase(phrase, false)), ...objects]);
    expect(verbs.size).toBeGreaterThanOrEqual(1500);
    expect(nouns.size).toBeGreaterThanOrEqual(1500);
    expect(domains.length).toBeGreaterThanOrEqual(17);
  });

  test('no clause holds a connective that could be read as the sentence’s', () => {
    const risky = /(?:^| )(?:y|e|o|u|ni|no|si|pero|aunque|cuando|salvo|excepto|sino)(?: |$)/;
    expect(predicates.filter(({ complement }) => risky.test(complement)).map(({ complement }) => complement)).toEqual([
      'el punto y coma',
    ]);
  });

  test('is cut into slices that share no entry', () => {
    const counts = { train: 0, validation: 0, test: 0 };
    for (const family of new Set(predicates.map(({ family }) => family))) counts[findSlice(family)]++;
    expect(counts.validation).toBeGreaterThan(50);
    expect(counts.test).toBeGreaterThan(50);
    expect(counts.train).toBeGreaterThan(5 * counts.test);
  });
});

describe('noise', () => {
  test('changes a sentence, spares the words of connectives', () => {
    const sentence = 'Mañana habrá tormenta siempre que suba la presión.';
    const keep = new Set(['siempre', 'que']);
    const noisy = Array.from({ length: 200 }, (_, i) => addNoise(sentence, keep, new Random(3).split(i)));
    expect(noisy).not.toContain(sentence);
    expect(noisy.filter((text) => !text.includes('siempre que'))).toEqual([]);
    expect(new Set(noisy).size).toBeGreaterThan(10);
  });
});
