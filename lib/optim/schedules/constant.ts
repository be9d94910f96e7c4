import { checkOptions } from '../../core/index.js';
import { computeWarmupFactor, expectSchedule, scheduleKeys } from './schedule.js';
import type { Schedule, ScheduleOptions } from './schedule.js';

/** Rises linearly for `warmup` steps, then stays. */
export function constantSchedule(options: ScheduleOptions): Schedule {
  checkOptions('constantSchedule', options, scheduleKeys);
  expectSchedule('constantSchedule', options);
  const { learningRate, warmup = 0 } = options;
  return (step) => learningRate * computeWarmupFactor(step, warmup);
}
