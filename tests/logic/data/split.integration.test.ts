import { describe, expect, test } from '@jest/globals';

import { generateRecord, splitProtocols, splitRecords } from '../../../lib/logic/index.js';
import type { LogicRecord, RecordSplits } from '../../../lib/logic/index.js';
import { makeRecord } from './make-record.js';

const sizes = { all: 500, validation: 50, test: 50 } as const;
const records = (['all', 'validation', 'test'] as const).flatMap((slice) =>
  Array.from({ length: sizes[slice] }, (_, index) => generateRecord(index, { seed: 9, slice })),
);
const splits = new Map(splitProtocols.map((protocol) => [protocol, splitRecords(records, { protocol })]));

function listParts({ train, validation, test, testSeen = [] }: RecordSplits): LogicRecord[][] {
  return [train, validation, test, testSeen];
}

function keysOf(part: readonly LogicRecord[], key: string): Set<unknown> {
  return new Set(part.map((record) => (record as unknown as Record<string, unknown>)[key]));
}

describe('splitRecords', () => {
  test.each(splitProtocols)('%s loses no record, shares no sentence and repeats by its seed', (protocol) => {
    const split = splits.get(protocol)!;
    const all = listParts(split).flat();
    expect(all.map(({ id }) => id).sort()).toEqual(records.map(({ id }) => id).sort());
    for (const { exact, near } of split.statistics.leakage) expect({ exact, near }).toEqual({ exact: 0, near: 0 });
    const again = splitRecords(records, { protocol });
    expect(listParts(again)).toEqual(listParts(split));
    expect(listParts(splitRecords(records, { protocol, seed: 1 }))).not.toEqual(listParts(split));
    for (const { split: name, id } of split.test) expect({ name, id }).toEqual({ name: 'test', id });
  });

  test('P1 keeps the shares, of each level too', () => {
    const { train, validation, test: held } = splits.get('P1')!;
    expect(train.length / records.length).toBeCloseTo(0.8, 1);
    for (const part of [validation, held]) {
      expect(part.length / records.length).toBeCloseTo(0.1, 1);
      for (const level of ['simple', 'intermediate', 'advanced']) {
        const share = part.filter(({ complexity }) => complexity === level).length / part.length;
        expect(share).toBeCloseTo(records.filter(({ complexity }) => complexity === level).length / records.length, 1);
      }
    }
  });

  test('training goes from the simple to the advanced', () => {
    const levels = splits
      .get('P1')!
      .train.map(({ complexity }) => ['simple', 'intermediate', 'advanced'].indexOf(complexity));
    expect(levels).toEqual([...levels].sort((a, b) => a - b));
  });

  test('P2 tests patterns that training has not, and some that it has in other sentences', () => {
    const { train, validation, test: held, testSeen, statistics } = splits.get('P2')!;
    const trained = keysOf(train, 'patternSyntactic');
    for (const part of [validation, held]) {
      expect(part.length).toBeGreaterThan(40);
      for (const key of keysOf(part, 'patternSyntactic')) expect(trained).not.toContain(key);
    }
    for (const key of statistics.frequentPatterns!) expect(trained).toContain(key);
    expect(testSeen!.length).toBeGreaterThan(20);
    for (const key of keysOf(testSeen!, 'patternSyntactic')) expect(trained).toContain(key);
  });

  test('P3 tests words that training has not', () => {
    const { train, test: held, validation, statistics } = splits.get('P3')!;
    const { test: kept, validation: watched } = statistics.heldOutSurfaces!;
    expect(kept.length).toBeGreaterThan(0);
    for (const { surface, provenance } of train) {
      expect(surface.filter((name) => kept.includes(name) || watched.includes(name))).toEqual([]);
      expect(provenance.slice).toBeUndefined();
    }
    const unseen = held.filter(
      ({ surface, provenance }) => provenance.slice === 'test' || surface.some((name) => kept.includes(name)),
    );
    // The others repeat a sentence of these.
    expect(unseen.length / held.length).toBeGreaterThan(0.95);
    expect(held.length).toBeGreaterThan(40);
    expect(validation.length).toBeGreaterThan(40);
  });

  test('records of one source, nearly one sentence, or common parents stay together', () => {
    const base = records.slice(0, 60);
    const derived = base.map((record, place) => ({
      ...makeRecord(
        `Otra forma de decir lo ${place * 7919} mismo.`,
        record.formula,
        record.atoms.map(({ gloss }) => gloss),
      ),
      sourceId: record.id,
    }));
    const composed = base.slice(0, 20).map((record, place) => {
      const parents = [record.id, base[59 - place]!.id];
      const provenance = { kind: 'augmented', generator: 'test', version: '1', parents } as const;
      return {
        ...makeRecord(`La suma ${place * 104729} de dos.`, 'p ∧ q', ['a', 'b']),
        provenance: { ...provenance, parents },
      };
    });
    const near = base.map((record) => ({
      ...record,
      id: `${record.id}x`,
      sourceId: `${record.id}x`,
      input: `${record.input.slice(0, -1)}, eh.`,
    }));
    const split = splitRecords([...base, ...derived, ...composed, ...near]);
    const part = new Map(listParts(split).flatMap((list, index) => list.map(({ id }) => [id, index] as const)));
    derived.forEach(({ id, sourceId }) => expect(part.get(id)).toBe(part.get(sourceId)));
    composed.forEach(({ id, provenance }) => {
      for (const parent of provenance.parents) expect(part.get(id)).toBe(part.get(parent));
    });
    expect(new Set(part.values()).size).toBe(3);
  });

  test('formulas that differ in grouping and order only share a pattern, p ∧ p and p ∧ q do not', () => {
    const formulas = ['(p ∧ q) → r', '((q ∧ p)) → r', 'p ∧ q', 'p ∧ p', 'p → q', '¬p ∨ q'];
    const made = formulas.map((formula, i) => makeRecord(`La frase número ${i * 7919}.`, formula, ['a', 'b', 'c']));
    const split = splitRecords(made, { validation: 0, test: 0 });
    const patterns = new Map(
      split.train.map((record) => [record.input, record as LogicRecord & Record<string, string>]),
    );
    const [first, same, and, twice, implies, or] = made.map(({ input }) => patterns.get(input)!);
    expect(first!.patternSyntactic).toBe(same!.patternSyntactic);
    expect(and!.patternSyntactic).not.toBe(twice!.patternSyntactic);
    expect(implies!.patternSyntactic).not.toBe(or!.patternSyntactic);
    expect(implies!.patternSemantic).toBe(or!.patternSemantic);
  });

  test('shares that leave nothing for training are refused', () => {
    expect(() => splitRecords(records, { validation: 0.5, test: 0.5 })).toThrow(/leave something for training/);
    expect(() => splitRecords(records, { protocol: 'P4' as never })).toThrow(/protocol/);
  });
});
