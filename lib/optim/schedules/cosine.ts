import { checkOptions } from '../../core/index.js';
import { computeWarmupFactor, expectFalling, fallingScheduleKeys } from './schedule.js';
import type { FallingScheduleOptions, Schedule } from './schedule.js';

/**
 * Rises linearly for `warmup` steps, then falls along half a cosine to `minimum` at `steps`.
 * @see Loshchilov and Hutter 2017, https://arxiv.org/abs/1608.03983, equation 5
 */
export function cosineSchedule(options: FallingScheduleOptions): Schedule {
  checkOptions('cosineSchedule', options, fallingScheduleKeys);
  expectFalling('cosineSchedule', options);
  const { learningRate, minimum = 0, warmup = 0, steps } = options;
  return (step) => {
    if (step < warmup) return learningRate * computeWarmupFactor(step, warmup);
    return minimum + computeHalfCosine(Math.min(1, (step - warmup) / (steps - warmup))) * (learningRate - minimum);
  };
}

/** From 1 at 0 to 0 at 1. */
export function computeHalfCosine(progress: number): number {
  return 0.5 * (1 + Math.cos(Math.PI * progress));
}
