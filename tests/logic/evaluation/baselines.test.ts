import { describe, expect, test } from '@jest/globals';

import { evaluatePredictions } from '../../../lib/logic/index.js';
import type { LogicRecord } from '../../../lib/logic/index.js';
import { predictBaselines } from '../../../lib/logic/evaluation/baselines.js';
import { diagnoseReport } from '../../../lib/logic/evaluation/diagnose.js';
import { NearestSentence } from '../../../lib/logic/evaluation/nearest-sentence.js';
import { makeRecord } from '../data/make-record.js';

const say = (input: string, formula: string, symbol: '→' | '∧' | '¬' | '∨', cue: string): LogicRecord =>
  makeRecord(input, formula, ['a', 'b', 'c'], { connectors: [{ symbol, cue }] });

const train = [
  say('Si llueve, salgo.', 'p → q', '→', 'si'),
  say('Si nieva, me quedo en casa.', 'p → q', '→', 'si'),
  say('Si truena, entonces no salgo de casa.', 'p → ¬q', '→', 'si … entonces'),
  say('Como y bebo.', 'p ∧ q', '∧', 'y'),
  say('O como o bebo.', 'p ∨ q', '∨', 'o … o'),
];

describe('baselines', () => {
  const guess = (input: string) => {
    const all = predictBaselines([makeRecord(input, 'p', ['a'])], train);
    return [all.always_implies, all.most_frequent, all.nearest_sentence].map((found) => found![0]!.formula);
  };

  test.each([
    ['Si hace sol, paseo.', 'p → q'],
    ['Si hace sol, entonces salgo de casa.', 'p → ¬q'],
    ['Canto y bebo.', 'p ∧ q'],
    ['O canto o bailo.', 'p ∨ q'],
    ['Dormí.', 'p → q'],
  ])('by its connective, or the most frequent of all: %s', (input, frequent) => {
    const [always, most] = guess(input);
    expect([always, most]).toEqual(['p → q', frequent]);
  });

  test('the nearest sentence is the one that shares rare 5-grams', () => {
    expect(guess('Si truena, salgo de casa.')[2]).toBe('p → ¬q');
    expect(guess('Como y bebo agua.')[2]).toBe('p ∧ q');
    expect(guess('xyz')[2]).toBe('p → q');
  });

  test('the cosine of TF-IDF as it is defined', () => {
    const sentences = train.map(({ input }) => input);
    const nearest = new NearestSentence(sentences);
    for (const query of ['Si nieva, no salgo.', 'O bebo o como.', 'me quedo', 'truena en casa y llueve']) {
      expect(nearest.find(query)).toBe(findNearestSlowly(sentences, query));
    }
    expect(nearest.find('SI LLUEVE SALGO')).toBe(0);
  });

  test('without training sentences there is only p → q', () => {
    expect(Object.keys(predictBaselines(train, []))).toEqual(['always_implies']);
  });

  test('a result that only copies the nearest sentence is told of', () => {
    const records = Array.from({ length: 12 }, (_, i) => ({ ...train[i % 4]!, id: `r${i}` }));
    const report = evaluatePredictions(records, records, { train, resamples: 200 });
    expect(report.baselines.nearest_sentence).toMatchObject({ semantic_accuracy: 1, difference: { estimate: 0 } });
    expect(report.diagnosis.map(({ about }) => about)).toEqual(['baseline']);
    const { always_implies } = report.baselines;
    expect(always_implies).toMatchObject({ semantic_accuracy: 0.5, difference: { estimate: 0.5 } });
    expect(always_implies!.difference!.interval[0]).toBeGreaterThan(0.1);
  });
});

/** The place of the sentence with the highest cosine, over whole vectors. */
function findNearestSlowly(sentences: readonly string[], query: string): number {
  const grams = (text: string): string[] => {
    const words = text.toLowerCase().replace(/[.,]/g, '');
    return Array.from({ length: words.length - 4 }, (_, i) => words.slice(i, i + 5));
  };
  const all = [...new Set(sentences.flatMap(grams))];
  const rarity = all.map((gram) => {
    const documents = sentences.filter((sentence) => grams(sentence).includes(gram)).length;
    return Math.log((1 + sentences.length) / (1 + documents)) + 1;
  });
  const vector = (text: string): number[] =>
    all.map((gram, i) => grams(text).filter((other) => other === gram).length * rarity[i]!);
  const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const target = vector(query);
  const cosines = sentences.map(
    (sentence) => dot(vector(sentence), target) / Math.sqrt(dot(vector(sentence), vector(sentence))),
  );
  return cosines.indexOf(Math.max(...cosines));
}

describe('the diagnosis', () => {
  const record = train[0]!;
  const good = evaluatePredictions([record], [record], { resamples: 10 });
  const group = (name: string, semantic_accuracy: number) => ({ ...good.global, name, semantic_accuracy, total: 9 });
  const about = (changed: Partial<typeof good>, near = 0) =>
    diagnoseReport({ ...good, baselines: {}, ...changed }, near).map((finding) => finding.about);
  const global = (scores: Partial<typeof good.global>) => ({ global: { ...good.global, ...scores } });

  test.each([
    ['nothing at the bounds', global({ syntax_valid_rate: 0.8, atom_f1: 0.8, connector_accuracy: 0.8 }), []],
    ['the first weakness alone', global({ syntax_valid_rate: 0.79, atom_f1: 0.1, semantic_accuracy: 0.1 }), ['syntax']],
    ['atoms', global({ atom_f1: 0.79, connector_accuracy: 0.5 }), ['atoms']],
    ['connectives', global({ connector_accuracy: 0.79, semantic_accuracy: 0.2 }), ['connectors']],
    ['meaning', global({ semantic_accuracy: 0.79 }), ['semantics']],
    ['advanced sentences', { by_complexity: [group('simple', 0.4), group('advanced', 0.49)] }, ['advanced']],
    ['advanced ones at the bound', { by_complexity: [group('advanced', 0.5)] }, []],
    ['a connective', { by_connector: [group('→', 0.69), group('∧', 0.7)] }, ['connective']],
    ['a fall', { by_n_atoms: [group('1', 0.9), group('2', 0.2), group('3', 0.59)] }, ['atom-count']],
    ['a fall of just 0.3', { by_n_atoms: [group('1', 0.9), group('4', 0.6)] }, []],
    [
      'confusions of three times',
      {
        top_confusions: [
          { reference: '→', predicted: '↔', count: 3 },
          { reference: '∧', predicted: '∨', count: 2 },
        ],
      },
      ['confusion'],
    ],
  ])('%s', (_, changed, expected) => {
    expect(about(changed)).toEqual(expected);
  });

  test('near misses are counted', () => {
    expect(about({}, 2)).toEqual(['near-misses']);
  });
});
