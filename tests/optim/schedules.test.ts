import { describe, expect, test } from '@jest/globals';
import {
  PlateauSchedule,
  buildSchedule,
  constantSchedule,
  cosineSchedule,
  linearSchedule,
  restartSchedule,
  warmupStableDecaySchedule,
} from '../../lib/optim/index.js';
import type { Schedule, ScheduleConfigOptions } from '../../lib/optim/index.js';

describe('constantSchedule', () => {
  test('rises linearly, then stays', () => {
    const schedule = constantSchedule({ learningRate: 1, warmup: 3 });
    expect([0, 1, 2, 3, 1000].map(schedule)).toEqual([0.25, 0.5, 0.75, 1, 1]);
    expect(constantSchedule({ learningRate: 2 })(0)).toBe(2);
  });
});

describe('linearSchedule', () => {
  test('rises, falls along a line, and stays at the minimum', () => {
    const schedule = linearSchedule({ learningRate: 1, minimum: 0.5, warmup: 1, steps: 5 });
    expect([0, 1, 2, 3, 4, 5, 9].map(schedule)).toEqual([0.5, 1, 0.875, 0.75, 0.625, 0.5, 0.5]);
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

  test('refuses what makes no sense', () => {
    expect(() => cosineSchedule({ learningRate: 1, steps: 5, warmup: 5 })).toThrow(/steps to be a number above 5/);
    expect(() => cosineSchedule({ learningRate: 1, steps: 5, minimum: 2 })).toThrow(/minimum/);
    expect(() => cosineSchedule({ learningRate: -1, steps: 5 })).toThrow(/learningRate/);
  });
});

describe('warmupStableDecaySchedule', () => {
  const options = { learningRate: 1, warmup: 1, steps: 10, decayShare: 0.4 };

  test('rises, stays, and falls over the last share', () => {
    const schedule = warmupStableDecaySchedule(options);
    expect([0, 1, 5, 6, 7, 8, 9, 10, 11].map((step) => Number(schedule(step).toFixed(12)))).toEqual([
      ...[0.5, 1, 1, 1, 0.75, 0.5, 0.25, 0, 0],
    ]);
  });

  test('may fall as 1 − √progress', () => {
    expect(warmupStableDecaySchedule({ ...options, shape: 'sqrt' })(7)).toBeCloseTo(0.5, 12);
  });

  test('refuses a fall that begins in the warm-up', () => {
    expect(() => warmupStableDecaySchedule({ ...options, decayShare: 1 })).toThrow(/decayShare .* of at most 0.9/);
  });
});

describe('restartSchedule', () => {
  test('starts anew after each cycle', () => {
    const schedule = restartSchedule({ learningRate: 1, warmup: 1, period: 2 });
    for (const [step, rate] of [0.5, 1, 0.5, 1, 0.5].entries()) expect(schedule(step)).toBeCloseTo(rate, 12);
  });

  test('cycles may grow', () => {
    const schedule = restartSchedule({ learningRate: 1, minimum: 0.2, period: 2, growth: 3 });
    expect([0, 2, 8, 26].map(schedule)).toEqual([1, 1, 1, 1]);
    expect([1, 5, 17].map((step) => Number(schedule(step).toFixed(12)))).toEqual([0.6, 0.6, 0.6]);
    expect(() => restartSchedule({ learningRate: 1, period: 0 })).toThrow(/period/);
  });
});

test.each<[string, Schedule]>([
  ['linear', linearSchedule({ learningRate: 1, warmup: 3, steps: 40 })],
  ['cosine', cosineSchedule({ learningRate: 1, warmup: 3, steps: 40 })],
  ['wsd', warmupStableDecaySchedule({ learningRate: 1, warmup: 3, steps: 40 })],
])('%s never falls in the warm-up and never rises after it', (_, schedule) => {
  for (let step = 0; step < 50; step++) {
    const sign = step < 3 ? 1 : -1;
    expect(sign * (schedule(step + 1) - schedule(step))).toBeGreaterThanOrEqual(0);
  }
});

describe('PlateauSchedule', () => {
  test('a scripted run of evaluations gives these rates', () => {
    const schedule = new PlateauSchedule({ learningRate: 1, minimum: 0.2 });
    const script: [loss: number, rate: number][] = [
      ...([
        [4, 1],
        [3, 1],
        [3.1, 1],
        [3.2, 0.5],
      ] as [number, number][]), // two without progress: patience 1 is over
      ...([
        [2.9, 0.5],
        [NaN, 0.5],
        [2.9, 0.25],
      ] as [number, number][]), // equal is no progress, nor is no number
      ...([
        [2.8999, 0.25],
        [2.8999, 0.2],
      ] as [number, number][]), // progress below the threshold; never under the minimum
    ];
    for (const [loss, rate] of script) {
      schedule.onEvaluation(loss);
      expect([loss, schedule.rate(0)]).toEqual([loss, rate]);
    }
  });

  test('by default halves after two evaluations without progress, down to 1e-6', () => {
    const schedule = buildSchedule({ type: 'plateau' }, { steps: 100, learningRate: 3e-6 });
    const rates = Array.from({ length: 7 }, () => {
      schedule.onEvaluation(1);
      return schedule.rate(0);
    });
    expect(rates).toEqual([3e-6, 3e-6, 1.5e-6, 1.5e-6, 1e-6, 1e-6, 1e-6]);
  });

  test('goes on from what it saved, through JSON', () => {
    const make = () => new PlateauSchedule({ learningRate: 1, warmup: 4 });
    const losses = [5, 4, 4, 4, 3, 3, 3, 3, 3];
    for (let cut = 0; cut <= losses.length; cut++) {
      const [whole, first, second] = [make(), make(), make()];
      for (const loss of losses) whole.onEvaluation(loss);
      for (const loss of losses.slice(0, cut)) first.onEvaluation(loss);
      second.load(JSON.parse(JSON.stringify(first.save())) as Record<string, number>);
      for (const loss of losses.slice(cut)) second.onEvaluation(loss);
      expect(second.save()).toEqual(whole.save());
      expect(second.rate(1)).toBe(whole.rate(1));
    }
    expect(() => {
      make().load({});
    }).toThrow(/reduced/);
  });

  test('with another highest rate goes on at the same share of it', () => {
    const first = new PlateauSchedule({ learningRate: 0.8, patience: 0 });
    for (const loss of [3, 3, 3]) first.onEvaluation(loss);
    expect(first.rate(0)).toBe(0.2);
    const lower = new PlateauSchedule({ learningRate: 0.4, patience: 0 });
    lower.load(first.save());
    expect(lower.rate(0)).toBeCloseTo(0.1, 12);
    const { learningRate: _, ...older } = first.save();
    lower.load(older);
    expect(lower.rate(0)).toBe(0.2);
  });
});

describe('buildSchedule', () => {
  const run = { steps: 10, learningRate: 1 };
  const cases: [ScheduleConfigOptions, Schedule][] = [
    [{ type: 'constant', warmup: 2 }, constantSchedule({ learningRate: 1, warmup: 2 })],
    [{ type: 'linear' }, linearSchedule(run)],
    [{ type: 'cosine', minimum: 0.1 }, cosineSchedule({ ...run, minimum: 0.1 })],
    [{ type: 'wsd', shape: 'sqrt' }, warmupStableDecaySchedule({ ...run, shape: 'sqrt' })],
    [
      { type: 'restarts', period: 3, growth: 2 },
      restartSchedule({ learningRate: run.learningRate, period: 3, growth: 2 }),
    ],
  ];

  test.each(cases)('%j', (config, expected) => {
    const schedule = buildSchedule(config, run);
    schedule.onEvaluation(3);
    schedule.load(schedule.save());
    for (let step = 0; step < 12; step++) expect(schedule.rate(step)).toBe(expected(step));
  });

  test('names what does not fit', () => {
    const build = (config: object) => () => buildSchedule(config as ScheduleConfigOptions, run);
    expect(build({ type: 'cosin' })).toThrow(
      /\[PAL_CONFIG\] buildSchedule: .*type: expected one of "constant".*"cosine"\?/s,
    );
    expect(build({ type: 'linear', warmp: 1 })).toThrow(/warmp: unknown key. Did you mean "warmup"/);
    expect(build({ type: 'restarts' })).toThrow(/period: missing/);
    expect(build({ type: 'cosine', warmup: 10 })).toThrow(/\[PAL_ARGUMENT\] cosineSchedule.*steps/);
  });
});
