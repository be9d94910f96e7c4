import { describe, expect, test } from '@jest/globals';

import {
  complexityLevels,
  isContingent,
  listAtoms,
  measureComplexity,
  parseFormula,
  printFormula,
  scorePrediction,
} from '../../../lib/logic/index.js';
import { domains } from '../../../lib/logic/grammar/lexicon/lexicon.js';
import { hashRecord } from '../../../lib/logic/data/records/hash-record.js';
import { readGloss } from '../../../lib/logic/metrics/glosses.js';
import { readMarked } from './read-marked.js';
import { glossed, readAgain, readSet } from './read-sets.js';

const development = readSet('development.jsonl');
const pairs = readSet('pairs.jsonl');
const LETTERS = ['p', 'q', 'r', 's', 't', 'u', 'v', 'w'];

describe.each([
  ['development.jsonl', development],
  ['pairs.jsonl', pairs],
])('%s', (_name, records) => {
  test('formulas are printed as records print them, and can be true and can be false', () => {
    for (const { input, formula, complexity, id, sourceId } of records) {
      const parsed = parseFormula(formula);
      expect({ input, formula: printFormula(parsed) }).toEqual({ input, formula });
      expect({ input, contingent: isContingent(parsed) }).toEqual({ input, contingent: true });
      expect(complexity).toBe(measureComplexity(parsed).level);
      expect([id, sourceId]).toEqual([hashRecord(input, parsed), hashRecord(input, parsed)]);
    }
  });

  test('letters come in the order of first mention, one affirmative gloss each, and none is idle', () => {
    for (const { input, atoms, formula, marked } of records) {
      const letters = atoms.map(({ letter }) => letter);
      expect({ input, letters }).toEqual({ input, letters: LETTERS.slice(0, letters.length) });
      expect({ input, used: listAtoms(parseFormula(formula)).sort() }).toEqual({ input, used: letters });
      expect({ input, named: readMarked(marked).letters }).toEqual({
        input,
        named: letters.slice(0, readMarked(marked).letters.length),
      });
      const glosses = atoms.map(({ gloss }) => gloss);
      expect({ input, glosses: [...new Set(glosses)] }).toEqual({ input, glosses });
      for (const gloss of glosses) {
        expect({ gloss, negative: readGloss(gloss).negative }).toEqual({ gloss, negative: false });
        expect(gloss).toBe(gloss.trim().normalize('NFC').replace(/\s+/g, ' '));
      }
    }
  });

  test('each connective of a formula has its words, where its span says', () => {
    for (const { input, formula, connectors, marked } of records) {
      expect({ input, connectors }).toEqual({
        input: readMarked(marked).input,
        connectors: readMarked(marked).connectors,
      });
      const symbols = new Set(connectors.map(({ symbol }) => symbol));
      expect({ input, symbols }).toEqual({ input, symbols: new Set(formula.match(/[¬∧∨→↔]/g)) });
      for (const { cue, span } of connectors) expect(input.slice(...span!).toLowerCase()).toBe(cue.split('…')[0]);
    }
  });

  test('glosses can be told apart: a formula scored against itself is right in everything', () => {
    for (const record of records) {
      const { semantic, exact, glossF1, compositional } = scorePrediction(glossed(record), glossed(record));
      const scores = { semantic, exact, glossF1, compositional };
      expect({ input: record.input, ...scores }).toEqual({
        ...{ input: record.input, semantic: 1, exact: 1, glossF1: 1, compositional: 1 },
      });
    }
  });

  test('where the grammar reads a sentence, it reads the formula and nothing else', () => {
    const known = records.filter((record) => readAgain(record).read.length > 0);
    for (const record of known) {
      const { read, meant } = readAgain(record);
      expect({ input: record.input, read }).toEqual({ input: record.input, read: [meant] });
    }
    expect(known.length).toBeGreaterThan(records.length / 2);
  });

  test('sentences are distinct, whatever their case and their marks', () => {
    const plain = records.map(({ input }) => input.toLowerCase().replace(/[^\p{L}\p{N} ]/gu, ''));
    expect(new Set(plain).size).toBe(records.length);
    for (const { input } of records) expect(input).toMatch(/^\p{Lu}.*[\p{L}\p{N}]\.$/u);
  });
});

describe('the development set', () => {
  test('has 150 sentences and more, thirty of each level, in many domains', () => {
    expect(development.length).toBeGreaterThanOrEqual(150);
    for (const level of complexityLevels) {
      expect(development.filter(({ complexity }) => complexity === level).length).toBeGreaterThanOrEqual(30);
    }
    const used = new Set(development.map(({ domain }) => domain));
    expect(used.size).toBeGreaterThanOrEqual(12);
    expect(domains.map(({ name }) => name)).toEqual(expect.arrayContaining([...used]));
  });

  test('has each connective often, and each at the root', () => {
    for (const symbol of '¬∧∨→↔') {
      expect(development.filter(({ formula }) => formula.includes(symbol)).length).toBeGreaterThanOrEqual(10);
    }
    const roots = new Set(development.map(({ formula }) => measureComplexity(parseFormula(formula)).root));
    expect(roots).toEqual(new Set(['not', 'and', 'or', 'implies', 'iff']));
  });

  test('shares no sentence with the forty pairs', () => {
    const known = new Set(pairs.map(({ input }) => input));
    expect(development.filter(({ input }) => known.has(input))).toEqual([]);
    expect(pairs).toHaveLength(40);
  });
});
