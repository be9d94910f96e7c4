import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import { sample } from '../../../lib/generation/index.js';

const logits = Float32Array.from([0.5, 0.2, 0.2, 0.1], Math.log);
const DRAWS = 4000;

/** How often each token is drawn, as shares. */
function shares(options: object, from = logits): number[] {
  const random = new Random(9);
  const counts = Array.from(from, () => 0);
  for (let i = 0; i < DRAWS; i++) counts[sample(from, options, random)]! += 1 / DRAWS;
  return counts;
}

function expectShares(actual: number[], expected: number[]): void {
  for (const [i, share] of expected.entries()) {
    if (share === 0) expect(actual[i]).toBe(0);
    else expect(Math.abs(actual[i]! - share)).toBeLessThan(0.03);
  }
}

describe('sample', () => {
  test('draws by probability', () => {
    expectShares(shares({}), [0.5, 0.2, 0.2, 0.1]);
  });

  test('temperature 2 takes square roots, ½ squares', () => {
    const normalised = (weights: number[]) => weights.map((weight) => weight / weights.reduce((a, b) => a + b));
    expectShares(shares({ temperature: 2 }), normalised([0.5, 0.2, 0.2, 0.1].map(Math.sqrt)));
    expectShares(shares({ temperature: 0.5 }), normalised([0.25, 0.04, 0.04, 0.01]));
  });

  test('temperature 0 takes the likeliest, the first of equals', () => {
    expect(shares({ temperature: 0 })).toEqual([expect.closeTo(1, 6), 0, 0, 0]);
    expect(sample(Float32Array.from([1, 3, 3]), { temperature: 0 }, new Random(0))).toBe(1);
  });

  test('top-k keeps the k likeliest, the first of equals', () => {
    expectShares(shares({ topK: 2 }), [5 / 7, 2 / 7, 0, 0]);
    expectShares(shares({ topK: 100 }), [0.5, 0.2, 0.2, 0.1]);
  });

  test('top-p keeps the fewest that reach p', () => {
    expectShares(shares({ topP: 0.4 }), [1, 0, 0, 0]);
    expectShares(shares({ topP: 0.65 }), [5 / 7, 2 / 7, 0, 0]);
    expectShares(shares({ topP: 0.85 }), [5 / 9, 2 / 9, 2 / 9, 0]);
    expectShares(shares({ topP: 1 }), [0.5, 0.2, 0.2, 0.1]);
  });

  test('top-p looks at what top-k and the temperature leave', () => {
    expectShares(shares({ topK: 3, topP: 0.7 }), [5 / 7, 2 / 7, 0, 0]);
    expectShares(shares({ temperature: 0.5, topP: 0.7 }), [1, 0, 0, 0]);
  });

  test('never draws a banned token', () => {
    const banned = Float32Array.from([-Infinity, 0, -Infinity, 0]);
    expectShares(shares({}, banned), [0, 0.5, 0, 0.5]);
    expectShares(shares({ topK: 4 }, banned), [0, 0.5, 0, 0.5]);
  });

  test('the same seed draws the same', () => {
    const draw = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 20 }, () => sample(logits, {}, random));
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  test.each([
    [{ temperature: -1 }, /temperature/],
    [{ temperature: NaN }, /temperature/],
    [{ topK: 0 }, /topK/],
    [{ topK: 1.5 }, /topK/],
    [{ topP: 0 }, /topP/],
    [{ topP: 1.1 }, /topP/],
  ])('refuses %j', (options, message) => {
    expect(() => sample(logits, options, new Random(0))).toThrow(message);
  });

  test.each([
    [[NaN, 0], /received NaN/],
    [[-Infinity, -Infinity], /not banned/],
    [[Infinity, 0], /Infinity/],
    [[], /banned/],
  ])('refuses logits %j', (values, message) => {
    expect(() => sample(Float32Array.from(values), {}, new Random(0))).toThrow(message);
  });
});
