import { describe, expect, test } from '@jest/globals';

import { balanceRecords, generateRecord } from '../../../lib/logic/index.js';
import type { LogicRecord } from '../../../lib/logic/index.js';
import { makeRecord } from './make-record.js';

const records = Array.from({ length: 2000 }, (_, index) => generateRecord(index, { seed: 6 }));

function share(list: readonly LogicRecord[], passes: (record: LogicRecord) => boolean): number {
  return list.filter(passes).length / list.length;
}

/** The shares of records as a sampler by weight meets them. */
function weigh(list: readonly LogicRecord[], name: string): number {
  const sum = (part: readonly LogicRecord[]): number => part.reduce((total, { weight = 1 }) => total + weight, 0);
  return sum(list.filter(({ surface }) => surface.includes(name))) / sum(list);
}

describe('balanceRecords', () => {
  test('every connective, level and domain has its share, though ↔ is rare before', () => {
    const rare = records.filter(({ formula }, place) => !formula.includes('↔') || place % 2 === 0);
    expect(share(rare, ({ formula }) => formula.includes('↔'))).toBeLessThan(0.12);
    // Of some 250 constructions not each can have 0.4 %: as many as are met in a sentence add up to less.
    const { records: kept, statistics } = balanceRecords(rare, { surfaceFloor: 0.003 });
    for (const symbol of '¬∧∨→↔')
      expect(share(kept, ({ formula }) => formula.includes(symbol))).toBeGreaterThanOrEqual(0.15);
    expect(share(kept, ({ formula }) => formula.includes('↔'))).toBeLessThanOrEqual(0.25);
    const levels = Object.values(statistics.byComplexity);
    expect(Math.max(...levels) / Math.min(...levels)).toBeLessThanOrEqual(1.25);
    for (const domain of Object.keys(statistics.byDomain))
      expect(share(kept, (one) => one.domain === domain)).toBeLessThanOrEqual(0.25);
    expect(statistics.targets.filter(({ met }) => !met)).toEqual([]);
    expect(kept.length).toBeGreaterThan(0.35 * rare.length);
  });

  test('levels come in the shares that are asked for, within the tolerance; a share of 0 takes a level out', () => {
    const levelShares = { simple: 0.2, intermediate: 0.3, advanced: 0.5 };
    const { records: kept, statistics } = balanceRecords(records, {
      levelShares,
      levelTolerance: 1,
      connectiveFloor: 0,
    });
    for (const [level, target] of Object.entries(levelShares))
      expect(share(kept, ({ complexity }) => complexity === level)).toBeCloseTo(target, 1.5);
    expect(statistics.targets.filter(({ name, met }) => name in levelShares && !met)).toEqual([]);
    const none = balanceRecords(records, { levelShares: { simple: 0, intermediate: 1, advanced: 1 } }).statistics;
    expect(Object.keys(none.byComplexity).sort()).toEqual(['advanced', 'intermediate']);
    const even = { simple: 7, intermediate: 7, advanced: 7 };
    expect(balanceRecords(records, { levelShares: even }).records).toEqual(balanceRecords(records).records);
  });

  test('a level that is missing is told, and shares that fit no levels are refused', () => {
    const some = records.filter(({ complexity }) => complexity !== 'advanced');
    const missed = balanceRecords(some).statistics.targets.filter(({ met }) => !met);
    expect(missed.map(({ name }) => name)).toContain('simple');
    for (const levelShares of [{ simple: 1 }, { simple: 0, intermediate: 0, advanced: 0 }, { ...{ easy: 1 } }])
      expect(() => balanceRecords(some, { levelShares: levelShares as never })).toThrow('levelShares');
    const negative = { simple: -1, intermediate: 1, advanced: 1 };
    expect(() => balanceRecords(some, { levelShares: negative })).toThrow('levelShares.simple');
  });

  test('constructions get their share by weight; no record twice, all in their order', () => {
    const floor = 0.005;
    const { records: kept, statistics } = balanceRecords(records, { surfaceFloor: floor });
    const short = new Set(statistics.targets.filter(({ met }) => !met).map(({ name }) => name));
    for (const name of new Set(kept.flatMap(({ surface }) => surface)))
      expect(weigh(kept, name) >= floor || short.has(name)).toBe(true);
    expect(kept.some(({ weight }) => weight !== undefined)).toBe(true);
    const places = kept.map(({ id }) => records.findIndex((record) => record.id === id));
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
  });

  test('repeats by its seed, and counts what it removes by reason', () => {
    const { records: kept, statistics } = balanceRecords(records);
    expect(balanceRecords(records).records).toEqual(kept);
    expect(balanceRecords(records, { seed: 1 }).records).not.toEqual(kept);
    const removed = Object.values(statistics.removedByReason).reduce((sum, count) => sum + count, 0);
    expect(kept.length + removed).toBe(records.length);
  });

  test('a domain that is too large is cut to its share of what is left', () => {
    const domains = ['a', 'a', 'a', 'a', 'a', 'b', 'c', 'd', 'e'];
    const some = records.slice(0, 900).map((record, i) => ({ ...record, domain: domains[i % domains.length]! }));
    const { records: kept } = balanceRecords(some, { connectiveFloor: 0 });
    expect(share(kept, ({ domain }) => domain === 'a')).toBeLessThanOrEqual(0.25);
    expect(share(kept, ({ domain }) => domain === 'a')).toBeGreaterThan(0.2);
  });

  test('what can not be reached is told, not missed in silence', () => {
    const plain = Array.from({ length: 40 }, (_, i) => makeRecord(`Frase ${i}.`, 'p → q', ['a', 'b']));
    const { records: kept, statistics } = balanceRecords(plain);
    expect(kept).toHaveLength(40);
    const missed = statistics.targets.filter(({ met }) => !met).map(({ name }) => name);
    expect(missed).toEqual(expect.arrayContaining(['¬', '∧', '∨', '↔']));
    expect(() => balanceRecords(plain, { levelTolerance: 0.5 })).toThrow(/levelTolerance/);
  });
});
