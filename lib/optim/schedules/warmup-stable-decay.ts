import type { OptionChecks } from '../../core/index.js';
import { checkOptions, expectOneOf, expectRange } from '../../core/index.js';
import { computeWarmupFactor, expectFalling, fallingScheduleKeys } from './schedule.js';
import type { FallingScheduleOptions, Schedule } from './schedule.js';

/** Shapes of the decay at the end: `linear`, or `sqrt`, which falls as 1 − √progress. */
export const decayShapes = ['linear', 'sqrt'] as const;

/** Settings of {@link warmupStableDecaySchedule}. */
export interface WarmupStableDecayOptions extends FallingScheduleOptions {
  /** The last share of all steps, in which the rate falls (default 0.2). */
  decayShare?: number;
  /** Default `linear`. */
  shape?: (typeof decayShapes)[number];
}

/** The keys of {@link WarmupStableDecayOptions}. */
export const warmupStableDecayKeys: OptionChecks<WarmupStableDecayOptions> = {
  ...fallingScheduleKeys,
  decayShare: true,
  shape: true,
};

/**
 * Rises linearly for `warmup` steps, stays, and falls to `minimum` over the last `decayShare · steps`.
 * @see Hu et al. 2024, https://arxiv.org/abs/2404.06395, section 4; Hägele et al. 2024, https://arxiv.org/abs/2405.18392
 * for the shape 1 − √progress
 */
export function warmupStableDecaySchedule(options: WarmupStableDecayOptions): Schedule {
  checkOptions('warmupStableDecaySchedule', options, warmupStableDecayKeys);
  const where = 'warmupStableDecaySchedule';
  expectFalling(where, options);
  const { learningRate, minimum = 0, warmup = 0, steps, decayShare = 0.2, shape = 'linear' } = options;
  expectRange(where, 'decayShare', decayShare, { above: 0, max: 1 - warmup / steps });
  expectOneOf(where, 'shape', shape, decayShapes);
  const decay = decayShare * steps;
  return (step) => {
    if (step < warmup) return learningRate * computeWarmupFactor(step, warmup);
    const progress = Math.min(1, Math.max(0, (step - (steps - decay)) / decay));
    const left = shape === 'linear' ? 1 - progress : 1 - Math.sqrt(progress);
    return minimum + left * (learningRate - minimum);
  };
}
