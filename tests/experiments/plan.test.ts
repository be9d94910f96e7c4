import { describe, expect, test } from '@jest/globals';
import { Random } from '../../lib/core/index.js';
import { drawPoints } from '../../lib/experiments/sweep/draw-points.js';
import { planSweep } from '../../lib/experiments/sweep/plan.js';
import { countPoints, drawPoint, listGrid } from '../../lib/experiments/sweep/space.js';
import type { Parameters } from '../../lib/experiments/sweep/space.js';
import { parseSweep } from '../../lib/experiments/sweep/sweep-config.js';

const rate: Parameters = { 'trainer.optimizer.learningRate': { distribution: 'log_uniform', min: 1e-4, max: 1e-2 } };
const base = { method: 'random', base: './train.yaml', data: ['text.txt'], parameters: rate };
const parse = (over: object) => parseSweep({ ...base, budget: { tokens: 1e6, trials: 10 }, ...over });

describe('the search space', () => {
  test('a grid holds every combination, the last path running fastest', () => {
    const grid = listGrid({ a: { values: [1, 2] }, b: { values: ['x', { y: 1 }] } });
    expect(grid).toEqual([
      { a: 1, b: 'x' },
      { a: 1, b: { y: 1 } },
      { a: 2, b: 'x' },
      { a: 2, b: { y: 1 } },
    ]);
  });

  test.each([
    ['uniform', 2, 4, 3],
    ['log_uniform', 1, 100, 10],
    ['int_uniform', 1, 9, 5],
    ['int_log_uniform', 1, 99, 7],
  ] as const)('%s stays between its ends, and half of it lies below its middle', (distribution, min, max, middle) => {
    const random = new Random(3);
    const draws = Array.from(
      { length: 2000 },
      (_, i) => drawPoint({ x: { distribution, min, max } }, random.split(i)).x as number,
    );
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(min);
    expect(Math.max(...draws)).toBeLessThanOrEqual(max);
    if (distribution.startsWith('int')) expect(draws.every(Number.isInteger)).toBe(true);
    const below = draws.filter((value) => value < middle).length + draws.filter((value) => value === middle).length / 2;
    expect(below / draws.length).toBeGreaterThan(0.45);
    expect(below / draws.length).toBeLessThan(0.55);
  });

  test('normal values have mean and deviation; a step keeps to its multiples', () => {
    const random = new Random(5);
    const space: Parameters = {
      x: { distribution: 'normal', mean: 3, standardDeviation: 2 },
      y: { distribution: 'uniform', min: 0.1, max: 0.35, step: 0.1 },
    };
    const draws = Array.from({ length: 4000 }, (_, i) => drawPoint(space, random.split(i)));
    const mean = draws.reduce((sum, { x }) => sum + (x as number), 0) / draws.length;
    const variance = draws.reduce((sum, { x }) => sum + ((x as number) - mean) ** 2, 0) / draws.length;
    expect(mean).toBeCloseTo(3, 0);
    expect(Math.sqrt(variance)).toBeCloseTo(2, 0);
    expect(new Set(draws.map(({ y }) => y))).toEqual(new Set([0.1, 0.2, 0.3]));
    expect(countPoints({ y: space.y! })).toBe(3);
  });
});

describe('points of a random search', () => {
  test('twenty are the first twenty of fifty, all different, and the same every time', () => {
    const fifty = drawPoints(rate, 1, 50);
    expect(drawPoints(rate, 1, 20)).toEqual(fifty.slice(0, 20));
    expect(new Set(fifty.map((point) => JSON.stringify(point))).size).toBe(50);
    expect(drawPoints(rate, 2, 1)).not.toEqual(fifty.slice(0, 1));
  });

  test('one more path leaves the values of the others as they are', () => {
    const wider = drawPoints({ ...rate, 'model.width': { values: [64, 128] } }, 1, 5);
    expect(wider.map((point) => point['trainer.optimizer.learningRate'])).toEqual(
      drawPoints(rate, 1, 5).map((point) => point['trainer.optimizer.learningRate']),
    );
  });

  test('a small space is used up whole, and refuses one more', () => {
    const small: Parameters = { a: { values: [1, 2, 2] }, b: { distribution: 'int_uniform', min: 0, max: 3 } };
    expect(drawPoints(small, 0, 8)).toHaveLength(8);
    expect(() => drawPoints(small, 0, 9)).toThrow(/space of at least 9 points, received one of 8/);
  });
});

describe('a plan', () => {
  test('the example of the README: 27, 9 and 3 points, and two confirmed with five fresh seeds', () => {
    const plan = planSweep(
      parse({
        method: 'halving',
        halving: { factor: 3, rungs: 3 },
        budget: { tokens: 20_000_000 },
        seeds: [4, 1],
        confirm: { top: 2, seeds: 5 },
      }),
    );
    // 2 seeds × (27 + 9 · 2 + 3 · 6) + 2 · 5 · 9 first rungs.
    const unit = Math.floor(20_000_000 / 216);
    expect(plan.stages).toEqual([
      { name: 'rung 1', points: 27, tokens: unit },
      { name: 'rung 2', points: 9, tokens: 3 * unit },
      { name: 'rung 3', points: 3, tokens: 9 * unit },
    ]);
    expect(plan.confirm).toEqual({ points: 2, seeds: [5, 6, 7, 8, 9], tokens: 9 * unit });
    expect(plan.tokens).toBe(216 * unit);
    expect(plan.points).toEqual(drawPoints(rate, 0, 27));
  });

  test('every method spends the same budget, within a token for each unit', () => {
    const grid = planSweep(
      parse({ method: 'grid', parameters: { 'model.width': { values: [8, 16, 32] } }, budget: { tokens: 9999 } }),
    );
    const random = planSweep(parse({ budget: { tokens: 9999, trials: 7 } }));
    const halving = planSweep(parse({ method: 'halving', budget: { tokens: 9999, trials: 9 } }));
    for (const { tokens } of [grid, random, halving]) {
      expect(tokens).toBeLessThanOrEqual(9999);
      expect(tokens).toBeGreaterThan(9999 - 63);
    }
    expect(grid.stages).toEqual([{ name: 'trials', points: 3, tokens: 3333 }]);
  });

  test('a grid beyond the budget is an error with its size, never cut', () => {
    const parameters = { 'model.width': { values: [8, 16, 32] }, 'model.layers': { values: [1, 2] } };
    const grid = parse({ method: 'grid', parameters, budget: { tokens: 1000 } });
    expect(() => planSweep(grid, 200)).toThrow(/one of 6 points, 1,200 tokens in all/);
    expect(planSweep(grid, 160).tokens).toBe(960);
    const few = parse({ method: 'grid', parameters, budget: { tokens: 1000, trials: 5 } });
    expect(() => planSweep(few)).toThrow(/one of 6 points, 5 trials/);
  });

  test('what does not fit names itself', () => {
    const halving = parse({ method: 'halving', halving: { minTokens: 1e6 } });
    expect(() => planSweep(halving)).toThrow(/at most 1,000,000 tokens.*received 2\d,000,000 tokens/);
    expect(() => planSweep(parse({ confirm: { top: 11 } }))).toThrow(/confirm\.top of at most 10.*received 11/);
  });
});

describe('sweep.yaml', () => {
  test.each([
    [{ budgett: { tokens: 1 } }, /budgett: unknown key\. Did you mean "budget"/],
    [{ method: 'asha' }, /method: expected one of "grid", "random", "halving"/],
    [{ parameters: {} }, /parameters: expected at least one parameter/],
    [{ parameters: { a: { distribution: 'log_uniform', min: 0, max: 1 } } }, /a\.min: expected a number above 0/],
    [{ parameters: { a: { distribution: 'uniform', min: 2, max: 1 } } }, /a\.min: expected min at most max/],
    [{ parameters: { a: { distribution: 'uniforn', min: 2, max: 1 } } }, /Did you mean "uniform"/],
    [{ metric: { name: 'test/loss' } }, /metric\.name: expected a figure of the validation data/],
    [{ seeds: [1, 1] }, /seeds: expected different seeds/],
    [{ method: 'grid' }, /a grid takes values, and trainer\.optimizer\.learningRate has a distribution/],
    [{ budget: { tokens: 10 } }, /budget\.trials is missing/],
    [{ halving: {} }, /halving belongs to method halving, not random/],
  ])('%j is refused', (over, message) => {
    expect(() => parse(over)).toThrow(message);
  });

  test('minimize and maximize are the words of the trainer', () => {
    expect(parse({}).metric).toEqual({ name: 'validation/loss', goal: 'lowest' });
    expect(parse({ metric: { name: 'validation/phi', goal: 'maximize' } }).metric.goal).toBe('highest');
    expect(parse({ metric: { goal: 'highest' } }).metric.goal).toBe('highest');
  });
});
