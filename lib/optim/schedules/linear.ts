import { checkOptions } from '../../core/index.js';
import { computeWarmupFactor, expectFalling, fallingScheduleKeys } from './schedule.js';
import type { FallingScheduleOptions, Schedule } from './schedule.js';

/** Rises linearly for `warmup` steps, then falls linearly to `minimum` at `steps`. */
export function linearSchedule(options: FallingScheduleOptions): Schedule {
  checkOptions('linearSchedule', options, fallingScheduleKeys);
  expectFalling('linearSchedule', options);
  const { learningRate, minimum = 0, warmup = 0, steps } = options;
  return (step) => {
    if (step < warmup) return learningRate * computeWarmupFactor(step, warmup);
    const left = 1 - Math.min(1, (step - warmup) / (steps - warmup));
    return minimum + left * (learningRate - minimum);
  };
}
