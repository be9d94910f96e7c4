import { describe, expect, test } from '@jest/globals';
import { Random } from '../../lib/core/index.js';
import {
  bonferroni,
  bootstrapInterval,
  cohenD,
  cohenDPaired,
  holm,
  pairedTTest,
  welchTTest,
  wilcoxonTest,
} from '../../lib/evaluation/index.js';

describe('tests by hand', () => {
  test('pairs that differ by 1, 2, 3, 2', () => {
    const { difference, t, freedom, p, interval } = pairedTTest([3, 4, 5, 4], [2, 2, 2, 2]);
    expect({ difference, freedom }).toEqual({ difference: 2, freedom: 3 });
    expect(t).toBeCloseTo(2 / (Math.sqrt(2 / 3) / 2), 12);
    expect(p).toBeGreaterThan(0.01);
    expect(p).toBeLessThan(0.02);
    expect((interval[0] + interval[1]) / 2).toBeCloseTo(2, 12);
  });

  test('a model beside itself: no difference, p = 1', () => {
    const values = [1.5, 2.5, 0.5];
    expect(pairedTTest(values, values)).toEqual({ difference: 0, interval: [0, 0], t: 0, freedom: 2, p: 1 });
    expect(wilcoxonTest(values, values)).toEqual({ statistic: 0, pairs: 0, p: 1, exact: true });
    expect(cohenDPaired(values, values)).toEqual({ d: 0, size: 'negligible' });
  });

  test('a difference that never varies is certain', () => {
    expect(pairedTTest([2, 3], [1, 2])).toMatchObject({ difference: 1, t: Infinity, p: 0 });
  });

  test('signed ranks: all 5 above leave 2 of 32 ways', () => {
    expect(wilcoxonTest([1, 2, 3, 4, 5], [0, 0, 0, 0, 0])).toEqual({ statistic: 0, pairs: 5, p: 2 / 32, exact: true });
  });

  test('effect sizes and their bands', () => {
    expect(cohenD([1, 2, 3], [2, 3, 4])).toEqual({ d: -1, size: 'large' });
    const at = (d: number) => cohenD([d - 1, d, d + 1], [-1, 0, 1]).size;
    expect([0.19, 0.21, 0.51, 0.81].map(at)).toEqual(['negligible', 'small', 'medium', 'large']);
  });

  test('corrections', () => {
    expect(bonferroni([0.01, 0.4])).toEqual([0.02, 0.8]);
    // 0.03 · 2 = 0.06 must not be below 0.02 · 3 = 0.06, nor 0.04 · 1 below it.
    expect(holm([0.04, 0.02, 0.03])).toEqual([0.06, 0.06, 0.06]);
    expect(() => holm([1.2])).toThrow(/PAL_ARGUMENT/);
  });

  test('refuses too few values, values that are none, and lists that do not match', () => {
    expect(() => welchTTest([1], [1, 2])).toThrow(/at least 2 finite values/);
    expect(() => welchTTest([1, NaN], [1, 2])).toThrow(/NaN among them/);
    expect(() => pairedTTest([1, 2], [1, 2, 3])).toThrow(/as many values/);
  });
});

describe('simulated', () => {
  const random = new Random(3);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
  const draw = (n: number, mean = 0) => Array.from({ length: n }, () => mean + normal());

  test('without a difference, p is below 5 % in 5 % of cases', () => {
    const low = (test: (a: number[], b: number[]) => { p: number }) =>
      Array.from({ length: 400 }, () => test(draw(12), draw(12)).p).filter((p) => p < 0.05).length / 400;
    for (const test of [pairedTTest, welchTTest, wilcoxonTest]) {
      expect(low(test)).toBeGreaterThan(0.02);
      expect(low(test)).toBeLessThan(0.08);
    }
  });

  test('a large difference is found', () => {
    expect(welchTTest(draw(40, 1.5), draw(40)).p).toBeLessThan(1e-4);
  });

  test('bootstrap intervals of 95 % hold the mean about that often, and repeat with the seed', () => {
    const holds = Array.from({ length: 200 }, () => bootstrapInterval(draw(30, 2), { resamples: 200 })).filter(
      ({ low, high }) => low <= 2 && high >= 2,
    ).length;
    expect(holds / 200).toBeGreaterThan(0.88);
    expect(holds / 200).toBeLessThan(0.99);
    const values = draw(10);
    expect(bootstrapInterval(values, { seed: 4 })).toEqual(bootstrapInterval(values, { seed: 4 }));
    const { estimate, low, high } = bootstrapInterval(values, { statistic: (sample) => Math.max(...sample) });
    expect(estimate).toBe(Math.max(...values));
    expect(low).toBeLessThan(high);
    expect(() => bootstrapInterval([])).toThrow(/at least one value/);
  });
});
