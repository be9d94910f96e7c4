import type { OptionChecks } from '../../core/index.js';
import { checkOptions, expectPositiveInteger } from '../../core/index.js';
import { computeHalfCosine } from './cosine.js';
import { computeWarmupFactor, expectSchedule, scheduleKeys } from './schedule.js';
import type { Schedule, ScheduleOptions } from './schedule.js';

/** Settings of {@link restartSchedule}. */
export interface RestartScheduleOptions extends ScheduleOptions {
  /** The rate at the end of each cycle (default 0). */
  minimum?: number;
  /** Steps of the first cycle. */
  period: number;
  /** Each cycle is this many times as long as the one before (default 1). */
  growth?: number;
}

/** The keys of {@link RestartScheduleOptions}. */
export const restartScheduleKeys: OptionChecks<RestartScheduleOptions> = {
  ...scheduleKeys,
  minimum: true,
  period: true,
  growth: true,
};

/**
 * Rises linearly for `warmup` steps, then falls along half a cosine again and again, each time from the top.
 * @see Loshchilov and Hutter 2017, https://arxiv.org/abs/1608.03983, section 3
 */
export function restartSchedule(options: RestartScheduleOptions): Schedule {
  checkOptions('restartSchedule', options, restartScheduleKeys);
  const { learningRate, minimum = 0, warmup = 0, period, growth = 1 } = options;
  expectSchedule('restartSchedule', options, minimum);
  expectPositiveInteger('restartSchedule', 'period', period);
  expectPositiveInteger('restartSchedule', 'growth', growth);
  return (step) => {
    if (step < warmup) return learningRate * computeWarmupFactor(step, warmup);
    return minimum + computeHalfCosine(computeCycleProgress(step - warmup, period, growth)) * (learningRate - minimum);
  };
}

/** Computes the progress of the current cycle, in [0, 1). */
function computeCycleProgress(step: number, period: number, growth: number): number {
  let [start, length] = [0, period];
  if (growth === 1) start = step - (step % period);
  while (step >= start + length) {
    start += length;
    length *= growth;
  }
  return (step - start) / length;
}
