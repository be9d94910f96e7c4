import { describe, expect, test } from '@jest/globals';

import {
  comparePredictions,
  evaluatePredictions,
  renderComparison,
  renderLogicReport,
} from '../../../lib/logic/index.js';
import type { LogicPrediction, LogicRecord, ScoreCategory } from '../../../lib/logic/index.js';
import { makeRecord } from '../data/make-record.js';
import { readSet } from '../development/read-sets.js';

const resamples = 200;
const RAIN = ['llueve', 'salgo', 'me mojo', 'corro'];

/** A prediction of a record by its id. */
const predict = ({ id, atoms }: LogicRecord, formula: string, glossed = true): LogicPrediction => ({
  ...{ id, formula },
  ...(glossed && { atoms }),
});

/** Five records: ¬, ∧, ∨, → and ↔ outermost. */
const five = [
  makeRecord('No llueve.', '¬p', RAIN.slice(0, 1), { surface: ['no'] }),
  makeRecord('Llueve y salgo.', 'p ∧ q', RAIN.slice(0, 2), { surface: ['y'] }),
  makeRecord('Llueve o salgo.', 'p ∨ q', RAIN.slice(0, 2), { surface: ['o'] }),
  makeRecord('Si llueve y salgo, me mojo.', '(p ∧ q) → r', RAIN.slice(0, 3), { surface: ['si'] }),
  makeRecord('Llueve si y solo si salgo.', 'p ↔ q', RAIN.slice(0, 2), { surface: ['si y solo si'] }),
];

const SHARES = [
  ...['exact_match', 'canonical_match', 'semantic_accuracy', 'syntax_valid_rate', 'partial_credit', 'atom_f1'],
  ...['gloss_f1', 'connector_accuracy', 'root_accuracy', 'subformula_f1', 'compositional_avg', 'model_agreement'],
  'any_renaming',
] as const;

/** All scores of a group. */
const listScores = (group: ScoreCategory): unknown[] => SHARES.map((name) => group[name as keyof ScoreCategory]);

describe('means over all records', () => {
  test('predictions of what is right have 1 everywhere and no finding', () => {
    const report = evaluatePredictions(five, five);
    expect(new Set(listScores(report.global))).toEqual(new Set([1]));
    expect(report.global.ci.semantic_accuracy).toEqual([0.5655, 1]);
    expect(report).toMatchObject({ total: 5, missing: 0, unused: 0, alignment: { gloss: 5, strict: 0 } });
    expect([report.diagnosis, report.top_confusions, report.excluded]).toEqual([[], [], []]);
  });

  test('as worked out by hand', () => {
    const [not, , or, implies] = five as [LogicRecord, LogicRecord, LogicRecord, LogicRecord];
    const predictions = [
      predict(not, 'p', false), // Partial 0.5.
      // None of p ∧ q.
      predict(or, 'p ∨', false), // No formula.
      predict(implies, 'p ∧ q → s', false), // Partial 0.8.
      predict(five[4]!, 'q ↔ p', false), // Equivalent and canonical, not exact.
    ];
    const report = evaluatePredictions(five, predictions, { resamples });
    expect(report.global).toMatchObject({
      ...{ total: 5, semantic_total: 5, exact_match: 0, canonical_match: 0.2, semantic_accuracy: 0.2 },
      // 0.5, 0, 0, 0.8 and 1; atoms 1, 0, 0, 2/3 and 1; connectives 0, 0, 0, 1 and 1; roots of the last two.
      ...{ syntax_valid_rate: 0.6, partial_credit: 0.46, atom_f1: 0.5333, connector_accuracy: 0.4, root_accuracy: 0.4 },
      // (p ∧ q) → s is right but for the name of a letter.
      ...{ any_renaming: 0.4, gloss_f1: 0 },
      ci: { semantic_accuracy: [0.0362, 0.6245], syntax_valid_rate: [0.2307, 0.8824] },
    });
    expect(report).toMatchObject({ missing: 1, unused: 0, alignment: { gloss: 0, strict: 3 } });
    expect(report.confusion_matrix['¬']).toMatchObject({ atom: 1, '¬': 0 });
    expect(report.confusion_matrix['∨']).toMatchObject({ invalid: 1 });
    expect(report.confusion_matrix['∧']).toMatchObject({ invalid: 1 });
    expect(report.top_confusions).toEqual([{ reference: '¬', predicted: 'atom', count: 1 }]);
    expect(report.diagnosis.map(({ about }) => about)).toEqual(['syntax', 'near-misses']);
  });

  test('swapped sides are no equivalence, only an upper bound', () => {
    const record = makeRecord('Si llueve, salgo.', 'p → q', RAIN.slice(0, 2));
    const { global } = evaluatePredictions([record], [predict(record, 'q → p')], { resamples });
    expect([global.semantic_accuracy, global.any_renaming, global.root_accuracy]).toEqual([0, 1, 1]);
  });

  test('the compositional score is weighed as it is told', () => {
    const predictions = five.map((record) => predict(record, 'p'));
    const weights = { atomF1: 0, parts: 0, root: 0, semantic: 1 };
    expect(evaluatePredictions(five, predictions, { resamples, weights }).global.compositional_avg).toBe(0);
    const atoms = evaluatePredictions(five, predictions, { resamples, weights: { ...weights, atomF1: 3 } });
    // Atoms: 1, three times 2/3, and 1/2.
    expect(atoms.global.compositional_avg).toBeCloseTo((0.75 * 3.5) / 5, 12);
  });

  test('references that always hold are left out of equivalence and listed', () => {
    const always = makeRecord('Llueve o no llueve.', 'p ∨ ¬p', RAIN.slice(0, 1));
    const report = evaluatePredictions([...five, always], [...five, predict(always, 'q ∨ ¬q', false)], { resamples });
    expect(report.global).toMatchObject({ total: 6, semantic_total: 5, semantic_accuracy: 1, exact_match: 0.8333 });
    expect(report.excluded).toEqual([{ id: always.id, input: always.input, formula: 'p ∨ ¬p' }]);
    expect(renderLogicReport(report)).toContain('always or never hold: 1\n  p ∨ ¬p  Llueve o no llueve.');
    const alone = evaluatePredictions([always], [always], { resamples });
    expect(alone.global).toMatchObject({ semantic_accuracy: null, any_renaming: null });
    expect(alone.baselines.always_implies!.difference).toBeNull();
  });
});

describe('groups', () => {
  test('those below five are hidden, with their sizes', () => {
    const report = evaluatePredictions(five, five, { resamples });
    expect(report.by_block.map(({ name, total }) => [name, total])).toEqual([['clima', 5]]);
    expect([report.by_connector, report.by_surface]).toEqual([[], []]);
    expect(report.hidden.by_connector).toEqual({ '¬': 1, '∧': 1, '∨': 1, '→': 1, '↔': 1 });
    expect(report.hidden.by_n_atoms).toEqual({ 1: 1, 2: 3, 3: 1 });
    expect(report.by_length.map(({ name, total }) => [name, total])).toEqual([['1–2', 5]]);
  });
});

describe('the development set', () => {
  const records = readSet('development.jsonl');

  test('against itself has 1 in every score of every group', () => {
    const report = evaluatePredictions(records, records, { resamples });
    expect(report.total).toBe(records.length);
    const { by_complexity, by_connector, by_block, by_length, by_n_atoms, by_surface } = report;
    const groups = [by_complexity, by_connector, by_block, by_length, by_n_atoms, by_surface].flat();
    expect(groups.length).toBeGreaterThan(20);
    for (const group of [report.global, ...groups]) expect(new Set(listScores(group))).toEqual(new Set([1]));
    expect(by_complexity.map(({ name }) => name)).toEqual(['simple', 'intermediate', 'advanced']);
    for (const key of ['by_complexity', 'by_n_atoms', 'by_length'] as const) {
      const hidden = Object.values(report.hidden[key] ?? {}).reduce((sum, count) => sum + count, 0);
      expect(report[key].reduce((sum, { total }) => sum + total, hidden)).toBe(records.length);
    }
    const numbers = by_n_atoms.map(({ name }) => Number(name));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(report.diagnosis).toEqual([]);
    expect(report.baselines.always_implies!.semantic_accuracy).toBeLessThan(0.5);
    expect(renderLogicReport(report)).toContain('outermost connective');
  });
});

describe('what cannot be measured', () => {
  test.each([
    ['no record', [], [], /none of which/],
    ['predictions of other sentences alone', five, [{ input: 'Nieva.', formula: 'p' }], /none of which/],
    ['two predictions of a sentence', five, [five[0]!, five[0]!], /one prediction a sentence/],
    ['a reference that is no formula', [{ ...five[0]!, formula: 'p →' }], [five[0]!], /record .* to be one/],
  ] as const)('%s', (_, records, predictions, message) => {
    expect(() => evaluatePredictions(records, predictions)).toThrow(message);
  });

  test('predictions are found by sentence too, and those of none are counted', () => {
    const predictions = [...five.map(({ input, formula, atoms }) => ({ input: ` ${input}`, formula, atoms }))];
    const report = evaluatePredictions(five, [...predictions, { id: 'other', formula: 'p' }], { resamples });
    expect([report.global.semantic_accuracy, report.unused]).toEqual([1, 1]);
  });
});

describe('two sets of predictions', () => {
  test('differ by what they differ in, with an interval', () => {
    const records = Array.from({ length: 40 }, (_, i) => ({ ...five[1]!, id: `r${i}` }));
    const worse = records.map((record, i) => predict(record, i < 30 ? 'p ∧ q' : 'p ∨ q'));
    const scores = comparePredictions(records, records, worse, { resamples: 500 });
    const semantic = scores.find(({ name }) => name === 'semantic')!;
    expect(semantic).toMatchObject({ total: 40, first: 1, second: 0.75, difference: 0.25 });
    expect(semantic.interval[0]).toBeGreaterThan(0.1);
    expect(semantic.interval[1]).toBeLessThan(0.4);
    expect(scores.find(({ name }) => name === 'valid')).toMatchObject({ difference: 0, interval: [0, 0] });
    expect(renderComparison(scores)).toMatch(/semantic +40 +1\.000 +0\.750 +0\.250 \(0\.\d{3} to 0\.\d{3}\)/);
    expect(() => comparePredictions([], [], [])).toThrow('[PAL_DATA]');
  });
});
