import { expectSchedule, computeWarmupFactor } from './schedule.js';
import type { Schedule, ScheduleOptions } from './schedule.js';

/** Rises linearly for `warmup` steps, then stays. */
export function constantSchedule(options: ScheduleOptions): Schedule {
  expectSchedule('constantSchedule', options);
  const { learningRate, warmup = 0 } = options;
  return (step) => learningRate * computeWarmupFactor(step, warmup);
}
