import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DistributionCounter } from '../../../lib/text/analysis/distribution.js';
import { DuplicateCounter } from '../../../lib/text/analysis/duplicate-counter.js';
import { NgramTable } from '../../../lib/text/analysis/ngram-table.js';
import { PhraseCounter } from '../../../lib/text/analysis/phrase-counter.js';

describe('NgramTable', () => {
  test('counts as a map does; bounded, by at most its undercount less', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(40), { minLength: 3, maxLength: 3000 }),
        fc.constantFrom(2, 3),
        fc.boolean(),
        (ids, n, tight) => {
          const table = new NgramTable(n, tight ? 2048 : 2 ** 20);
          const exact = new Map<string, number>();
          for (let end = n; end <= ids.length; end++) {
            table.add(ids, end);
            const key = ids.slice(end - n, end).join();
            exact.set(key, (exact.get(key) ?? 0) + 1);
          }
          expect(table.total).toBe(ids.length - n + 1);
          for (const { ids: found, count } of table.commonest(1e9)) {
            const missing = exact.get(found.join())! - count;
            expect(missing).toBeGreaterThanOrEqual(0);
            expect(missing).toBeLessThanOrEqual(table.undercount);
          }
          if (table.undercount === 0) expect(table.size).toBe(exact.size);
        },
      ),
    );
  });

  test('gives all runs as common as the k-th', () => {
    const table = new NgramTable(2, 1024);
    const ids = [1, 2, 1, 2, 3, 1];
    for (let end = 2; end <= ids.length; end++) table.add(ids, end);
    expect(table.commonest(1)).toEqual([{ ids: [1, 2], count: 2 }]);
    expect(table.commonest(2)).toHaveLength(4);
  });
});

describe('PhraseCounter', () => {
  test('what is common outlives what is rare', () => {
    const counter = new PhraseCounter(100);
    for (let i = 0; i < 5000; i++) {
      counter.add(`rare ${i}`);
      if (i % 5 === 0) counter.add('common');
    }
    expect(counter.commonest(3)).toEqual([{ text: 'common', count: 1000, share: 1000 / 6000 }]);
  });
});

describe('DuplicateCounter', () => {
  test('exact while it has room, near when it samples', () => {
    for (const room of [100_000, 2000]) {
      const counter = new DuplicateCounter(room);
      for (let i = 0; i < 30_000; i++) counter.add(`text ${i % 20_000}`);
      const { total, share, sampled } = counter.result;
      expect(total).toBe(30_000);
      expect(Math.abs(share - 1 / 3)).toBeLessThan(room === 2000 ? 0.02 : 1e-12);
      expect(sampled < 1).toBe(room === 2000);
    }
  });

  test('tells texts of one length and near letters apart', () => {
    const counter = new DuplicateCounter(2 ** 20);
    for (let i = 0; i < 200_000; i++) counter.add(String(i).padStart(6, '0'));
    expect(counter.result.repeated).toBe(0);
  });
});

describe('DistributionCounter', () => {
  test('nearest-rank percentiles and bins that hold everything', () => {
    const counter = new DistributionCounter();
    for (let i = 1; i <= 200; i++) counter.add(i);
    counter.add(5000);
    const { min, mean, median, p90, p95, max, histogram } = counter.result;
    expect([min, median, p90, p95, max]).toEqual([1, 101, 181, 191, 5000]);
    expect(mean).toBeCloseTo((20_100 + 5000) / 201, 10);
    expect(histogram.reduce((sum, { count }) => sum + count, 0)).toBe(201);
    expect(new Set(histogram.map(({ from, to }) => to - from)).size).toBe(1);
    expect(histogram.at(-1)!.from).toBeLessThanOrEqual(200);
  });
});
