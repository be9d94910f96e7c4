import type { BatchPlan, BatchPlans, TargetRange } from './plan.js';

/** An amount of training; whichever is reached first counts. */
export interface BatchGoal {
  /** Passes over the data. */
  epochs?: number | undefined;
  /** Targets that count. */
  tokens?: number | undefined;
}

/** Sums of shares may lack this much of a whole epoch. */
const ROUNDING = 1e-9;
/** Where searches for an epoch that never comes end. */
const MOST_BATCHES = 2 ** 50;

/**
 * Tells whether so many epochs are reached, up to the rounding of sums.
 * @param epoch - passes so far
 * @param epochs - passes wanted
 * @returns true from the batch on that completes them
 */
export function hasCompletedEpochs(epoch: number, epochs: number): boolean {
  return epoch >= epochs - ROUNDING;
}

/** Batches that are begun again where they end. */
export interface RepeatedBatches {
  /** The number of batches until the end; Infinity for orders without one. */
  readonly count: number;
  /** The passes after some batches, at most {@link RepeatedBatches.count}. */
  epochAfter(batches: number): number;
}

/** The passes after any number of batches. */
export function countEpochsAfter(repeated: RepeatedBatches, batches: number): number {
  const { count } = repeated;
  if (count === Infinity) return repeated.epochAfter(batches);
  return Math.floor(batches / count) * repeated.epochAfter(count) + repeated.epochAfter(batches % count);
}

/**
 * The batches that complete some epochs.
 * @param batches - of which the epochs never fall
 * @param epochs - above 0
 * @returns a positive integer; Infinity for epochs that never come
 */
export function countEpochBatches(batches: RepeatedBatches, epochs: number): number {
  const reached = (count: number): boolean => hasCompletedEpochs(countEpochsAfter(batches, count), epochs);
  let high = 1;
  while (!reached(high)) if ((high *= 2) > MOST_BATCHES) return Infinity;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (reached(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * The batches after which a goal is reached for the first time, where batches that end are begun again.
 * @param plans - the batches
 * @param goal - Infinity or absent: no bound
 * @returns a positive integer; Infinity for a goal that is never reached
 */
export function countBatches(plans: BatchPlans, goal: BatchGoal): number {
  const { epochs = Infinity, tokens = Infinity } = goal;
  const byEpochs = epochs === Infinity ? Infinity : countEpochBatches(plans, epochs);
  return tokens === Infinity ? byEpochs : findTokens(plans, tokens, byEpochs);
}

/** The targets of a plan that count. */
export function countPlannedTargets({ spans }: BatchPlan): number {
  return spans.reduce((sum, { count, firstTarget = 0, counted }) => {
    return sum + (counted === undefined ? Math.max(0, count - firstTarget) : countRanges(counted));
  }, 0);
}

/**
 * The targets of one batch that count.
 * @param plans - the batches
 * @param batch - its number
 * @returns a count of 0 or more
 */
export function countTargetsOf(plans: BatchPlans, batch: number): number {
  return plans.targetsOf?.(batch) ?? countPlannedTargets(plans.plan(batch));
}

/** Adds up the targets of one batch after another. */
function findTokens(plans: BatchPlans, tokens: number, most: number): number {
  let total = 0;
  for (let batch = 0; batch < most; batch++) {
    if (total === 0 && countEpochsAfter(plans, batch) > 1) return most;
    total += countTargetsOf(plans, plans.count === Infinity ? batch : batch % plans.count);
    if (total >= tokens) return batch + 1;
  }
  return most;
}

/** The targets of some ranges. */
export function countRanges(ranges: readonly TargetRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}
