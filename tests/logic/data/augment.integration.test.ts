import { describe, expect, test } from '@jest/globals';

import { Random } from '../../../lib/core/index.js';
import {
  augmentRecords,
  equivalent,
  generateRecord,
  listAtoms,
  parseFormula,
  printFormula,
  splitRecords,
} from '../../../lib/logic/index.js';
import type { LogicRecord } from '../../../lib/logic/index.js';
import { composeRecords } from '../../../lib/logic/data/augment/compose-records.js';
import { moveCondition } from '../../../lib/logic/data/augment/move-condition.js';
import { replaceCues } from '../../../lib/logic/data/augment/replace-cues.js';
import { listRewrites, rewriteFormula, rewriteRules } from '../../../lib/logic/data/augment/rewrite-formula.js';
import { drawFormula } from '../draw-formula.js';
import { makeRecord } from './make-record.js';

const records = Array.from({ length: 400 }, (_, index) => generateRecord(index, { seed: 9, noise: 0 }));

describe('rewrites', () => {
  test('keep the meaning and the atoms, by every rule at every part of 150 formulas', () => {
    const random = new Random(3);
    const used = new Set<string>();
    for (let i = 0; i < 150; i++) {
      const formula = drawFormula(random, 4);
      for (const { rule, formula: made } of listRewrites(formula)) {
        used.add(rule);
        expect([rule, equivalent(formula, made)]).toEqual([rule, true]);
        expect(listAtoms(made).sort()).toEqual(listAtoms(formula).sort());
      }
    }
    expect([...used].sort()).toEqual(Object.keys(rewriteRules).sort());
  });

  test('change one part of what textual ones broke', () => {
    for (const text of ['(p → q) ∧ r', 'p ↔ (q → r)', '¬(p ∧ q ∧ r)', '(p ∧ q) ∨ r']) {
      const formula = parseFormula(text);
      const made = rewriteFormula(formula, new Random(1))!;
      expect(equivalent(parseFormula(printFormula(made.formula)), formula)).toBe(true);
      expect(made.formula).not.toEqual(formula);
    }
    expect(rewriteFormula(parseFormula('p'), new Random(1))).toBeUndefined();
  });
});

describe('sentences', () => {
  test('say a connective in the other words of its construction, places and reasoning with it', () => {
    const record = makeRecord('Salgo a menos que llueva.', '¬q → p', ['salgo', 'llueve']);
    const connectors = [
      { symbol: '¬' as const, cue: 'a menos que', span: [6, 17] as [number, number] },
      { symbol: '→' as const, cue: 'a menos que', span: [6, 17] as [number, number] },
    ];
    const made = replaceCues({ ...record, connectors });
    expect(made.map(({ input }) => input)).toEqual([
      'Salgo salvo que llueva.',
      'Salgo a no ser que llueva.',
      'Salgo excepto que llueva.',
    ]);
    for (const { input, formula, connectors: cues } of made) {
      expect(formula).toBe('¬q → p');
      for (const { cue, span } of cues) expect(input.slice(...span!)).toBe(cue);
    }
    const drawn = records.flatMap(replaceCues);
    expect(drawn.length).toBeGreaterThan(20);
    for (const { input, connectors: cues } of drawn)
      for (const { cue, span } of cues)
        if (span) expect(cue.toLowerCase().startsWith(input.slice(...span).toLowerCase())).toBe(true);
  });

  test('turn their condition, and letters follow the order of mention', () => {
    const si = [{ symbol: '→' as const, cue: 'si…entonces' }];
    const front = {
      ...makeRecord('Si llueve, entonces Ana no sale.', 'p → ¬q', ['llueve', 'Ana sale']),
      connectors: si,
    };
    const turned = moveCondition(front)!;
    expect(turned).toMatchObject({ input: 'Ana no sale si llueve.', formula: 'q → ¬p', connectors: [{ cue: 'si' }] });
    expect(turned.atoms).toEqual([
      { letter: 'p', gloss: 'Ana sale' },
      { letter: 'q', gloss: 'llueve' },
    ]);
    expect(moveCondition(turned)).toMatchObject({ input: 'Si llueve, Ana no sale.', formula: 'p → ¬q' });
    const three = makeRecord('Si llueve y hace frío, no salgo.', '(p ∧ q) → ¬r', ['llueve', 'hace frío', 'salgo']);
    expect(moveCondition({ ...three, connectors: si })).toBeUndefined();
  });

  test('are composed without merging propositions', () => {
    const pair = [
      makeRecord('Ana duerme y no come.', 'p ∧ ¬q', ['Ana duerme', 'Ana come']),
      makeRecord('No llueve si hace sol.', 'q → ¬p', ['llueve', 'hace sol']),
    ];
    const seen = new Map<string, LogicRecord>();
    for (let seed = 0; seed < 40; seed++)
      for (const made of composeRecords(pair, 5, new Random(seed))) seen.set(made.input, made);
    expect([...seen.keys()]).toEqual(
      expect.arrayContaining([
        'Ana duerme y no come; además, no llueve si hace sol.',
        'O bien Ana duerme y no come; o bien no llueve si hace sol.',
        'Si ocurre que Ana duerme y no come, entonces no llueve si hace sol.',
      ]),
    );
    for (const { formula, atoms, provenance } of seen.values()) {
      expect(listAtoms(parseFormula(formula)).sort()).toEqual(['p', 'q', 'r', 's']);
      expect(atoms.map(({ letter }) => letter)).toEqual(['p', 'q', 'r', 's']);
      expect([...provenance.parents].sort()).toEqual(pair.map(({ id }) => id).sort());
    }
    const double = [pair[0]!, makeRecord('Ana come o canta.', 'p ∨ q', ['Ana come', 'Ana canta'])];
    expect(composeRecords(double, 5, new Random(1))).toEqual([]);
  });
});

describe('augmentRecords', () => {
  test('keeps what it is given, limits what it makes, and repeats by its seed', () => {
    const { records: all, statistics } = augmentRecords(records);
    expect(all.slice(0, records.length)).toEqual(records);
    const made = all.slice(records.length);
    expect(made.length).toBeGreaterThan(40);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const single = made.filter(({ provenance }) => provenance.parents.length === 1);
    for (const { id } of records)
      expect(single.filter(({ provenance }) => provenance.parents[0] === id).length).toBeLessThanOrEqual(2);
    expect(made.length - single.length).toBeLessThanOrEqual(40);
    expect(statistics).toMatchObject({ stage: 'augment', input: 400, output: all.length, seed: 42 });
    expect(Object.values(statistics.byTransform).reduce((sum, count) => sum + count, 0)).toBe(made.length);
    expect(Object.keys(statistics.byTransform).some((name) => name.startsWith('rewrite'))).toBe(false);
    expect(augmentRecords(records).records).toEqual(all);
    expect(augmentRecords(records, { seed: 1 }).records).not.toEqual(all);
    expect(augmentRecords(records, { maxPerExample: 0, compositions: 0 }).records).toEqual(records);
    expect(() => augmentRecords(records, { maxPerExample: -1 })).toThrow('maxPerExample');
  });

  test('never parts a record from what it is made of', () => {
    const { records: all } = augmentRecords(records, { rewrites: true });
    expect(all.some(({ provenance }) => provenance.transform?.startsWith('rewrite') === true)).toBe(true);
    const { train, validation, test: held } = splitRecords(all, { protocol: 'P1' });
    const sides = new Map<string, string>();
    for (const [name, part] of Object.entries({ train, validation, held }))
      for (const { id } of part) sides.set(id, name);
    for (const { id, provenance } of all)
      for (const parent of provenance.parents) expect(sides.get(parent)).toBe(sides.get(id));
  });
});
