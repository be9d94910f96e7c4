import { beforeAll, expect, test } from '@jest/globals';
import { Random } from '../../lib/core/index.js';
import { buildSchedule } from '../../lib/optim/index.js';
import type { ScheduleConfigOptions } from '../../lib/optim/index.js';
import { describeWithPython, python } from '../helpers/python.js';

describeWithPython('schedules against PyTorch', () => {
  const [steps, warmup, minimum] = [60, 5, 0.05];
  const random = new Random(3);
  const losses = Array.from({ length: 60 }, (_, index) => 3 / (1 + index / 8) + random.float() / 2);
  let theirs: Record<string, number[]> = {};

  beforeAll(() => {
    theirs = python('tests/parity/schedules.py', { input: { steps, warmup, minimum, losses } }).json as typeof theirs;
  }, 300_000);

  const configs: ScheduleConfigOptions[] = [
    { type: 'constant', warmup },
    { type: 'linear', warmup, minimum },
    { type: 'cosine', warmup, minimum },
    { type: 'restarts', warmup, minimum, period: 7, growth: 2 },
  ];

  test.each(configs)('$type', (config) => {
    const schedule = buildSchedule(config, { steps, learningRate: 1 });
    expect(theirs[config.type]).toHaveLength(steps);
    for (const [step, rate] of theirs[config.type]!.entries()) expect(schedule.rate(step)).toBeCloseTo(rate, 12);
  });

  test('plateau', () => {
    const schedule = buildSchedule({ type: 'plateau', minimum }, { steps, learningRate: 1 });
    const ours = losses.map((loss) => {
      schedule.evaluated(loss);
      return schedule.rate(0);
    });
    expect(new Set(ours).size).toBeGreaterThan(3);
    expect(ours).toEqual(theirs.plateau);
  });
});
