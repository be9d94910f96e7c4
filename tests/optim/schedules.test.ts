import { describe, expect, test } from '@jest/globals';
import { constantSchedule, cosineSchedule } from '../../lib/optim/index.js';

describe('constantSchedule', () => {
  test('rises linearly, then stays', () => {
    const schedule = constantSchedule({ learningRate: 1, warmup: 3 });
    expect([0, 1, 2, 3, 1000].map(schedule)).toEqual([0.25, 0.5, 0.75, 1, 1]);
    expect(constantSchedule({ learningRate: 2 })(0)).toBe(2);
  });
});

describe('cosineSchedule', () => {
  const schedule = cosineSchedule({ learningRate: 1, minimum: 0.1, warmup: 1, steps: 11 });

  test('rises, falls along half a cosine, and stays at the minimum', () => {
    expect(schedule(0)).toBe(0.5);
    expect(schedule(1)).toBe(1);
    expect(schedule(6)).toBeCloseTo(0.55, 12);
    expect(schedule(11)).toBeCloseTo(0.1, 12);
    expect(schedule(99)).toBeCloseTo(0.1, 12);
  });

  test('never rises after the warm-up', () => {
    for (let step = 1; step < 20; step++) expect(schedule(step + 1)).toBeLessThanOrEqual(schedule(step));
  });

  test('refuses what makes no sense', () => {
    expect(() => cosineSchedule({ learningRate: 1, steps: 5, warmup: 5 })).toThrow(/steps to be a number above 5/);
    expect(() => cosineSchedule({ learningRate: 1, steps: 5, minimum: 2 })).toThrow(/minimum/);
    expect(() => cosineSchedule({ learningRate: -1, steps: 5 })).toThrow(/learningRate/);
  });
});
