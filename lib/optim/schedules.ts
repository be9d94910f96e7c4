import { expectCount, expectInteger, expectRange } from '../core/index.js';

/** The learning rate at a step, counted from 0; a pure function. */
export type Schedule = (step: number) => number;

/** Settings of {@link constantSchedule}. */
export interface ConstantScheduleOptions {
  learningRate: number;
  /** Steps of linear rise before (default 0). */
  warmup?: number;
}

/** Settings of {@link cosineSchedule}. */
export interface CosineScheduleOptions extends ConstantScheduleOptions {
  /** The rate from the last step on (default 0). */
  minimum?: number;
  /** Steps in all, warm-up included. */
  steps: number;
}

/** Rises linearly for `warmup` steps, then stays. */
export function constantSchedule({ learningRate, warmup = 0 }: ConstantScheduleOptions): Schedule {
  expectRange('constantSchedule', 'learningRate', learningRate, { min: 0 });
  expectCount('constantSchedule', 'warmup', warmup);
  return (step) => learningRate * risen(step, warmup);
}

/**
 * Rises linearly for `warmup` steps, then falls along half a cosine to `minimum` at `steps`.
 * @see Loshchilov and Hutter 2017, https://arxiv.org/abs/1608.03983, equation 5
 */
export function cosineSchedule({ learningRate, minimum = 0, warmup = 0, steps }: CosineScheduleOptions): Schedule {
  expectRange('cosineSchedule', 'learningRate', learningRate, { min: 0 });
  expectRange('cosineSchedule', 'minimum', minimum, { min: 0, max: learningRate });
  expectCount('cosineSchedule', 'warmup', warmup);
  expectRange('cosineSchedule', 'steps', expectInteger('cosineSchedule', 'steps', steps), { above: warmup });
  return (step) => {
    if (step < warmup) return learningRate * risen(step, warmup);
    const progress = Math.min(1, (step - warmup) / (steps - warmup));
    return minimum + 0.5 * (1 + Math.cos(Math.PI * progress)) * (learningRate - minimum);
  };
}

function risen(step: number, warmup: number): number {
  return Math.min(1, (step + 1) / (warmup + 1));
}
