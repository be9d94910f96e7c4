import { describe, expect, test } from '@jest/globals';

import { computeWilsonInterval } from '../../../lib/logic/index.js';
import { estimateMean } from '../../../lib/logic/evaluation/intervals.js';

describe("Wilson's interval", () => {
  // As scipy's binomtest(k, n).proportion_ci(method='wilson') has them.
  test.each([
    [8, 10, 0.490162, 0.943318],
    [0, 10, 0, 0.277533],
    [10, 10, 0.722467, 1],
    [1, 2, 0.094531, 0.905469],
    [50, 100, 0.403832, 0.596168],
  ])('%i of %i: from %f to %f', (successes, trials, low, high) => {
    const found = computeWilsonInterval(successes, trials);
    expect(found.estimate).toBe(successes / trials);
    expect(found.low).toBeCloseTo(low, 6);
    expect(found.high).toBeCloseTo(high, 6);
  });

  test('of no trials all of 0 to 1; of none but whole counts', () => {
    expect(computeWilsonInterval(0, 0)).toEqual({ estimate: NaN, low: 0, high: 1 });
    for (const [successes, trials] of [
      [3, 2],
      [-1, 2],
      [0.5, 2],
      [1, NaN],
    ] as const)
      expect(() => computeWilsonInterval(successes, trials)).toThrow('[PAL_ARGUMENT]');
  });
});

test('the bootstrap of a share comes near Wilson, and one of equal values has no width', () => {
  const values = Array.from({ length: 200 }, (_, i) => Number(i % 4 === 0));
  const [found, wilson] = [estimateMean(values, 1, 4000), computeWilsonInterval(50, 200)];
  expect(found.estimate).toBe(0.25);
  expect(Math.abs(found.low - wilson.low)).toBeLessThan(0.01);
  expect(Math.abs(found.high - wilson.high)).toBeLessThan(0.01);
  expect(estimateMean(values, 1, 100)).toEqual(estimateMean(values, 1, 100));
  expect(estimateMean([0.5, 0.5], 0, 10)).toEqual({ estimate: 0.5, low: 0.5, high: 0.5 });
});
