import { countEpochBatches, countEpochsAfter } from '../../data/index.js';
import type { BatchGoal, BatchOptions, Dataset, RepeatedBatches } from '../../data/index.js';

/** The size of training data. */
export interface DataSize {
  /** Examples in an epoch. */
  readonly size: number;
  /** Targets that count in an epoch. */
  readonly targetCount: number;
}

/** The training data of a run in the order in which they are seen; of a mere size, every batch is full. */
export interface TrainingOrder {
  dataset: Dataset | DataSize;
  options: BatchOptions;
}

/**
 * Passes over the data after some batches, as a run makes them.
 * @param order - the data and how they are drawn
 * @param batches - 0 or more
 * @returns a number of 0 or more, often no integer
 */
export function countEpochsOf(order: TrainingOrder, batches: number): number {
  return countEpochsAfter(describeBatches(order), batches);
}

/**
 * The batches after which bounds by epochs and by tokens end a run.
 * @param order - the data and how they are drawn
 * @param goal - bounds by epochs and by tokens
 * @returns a positive integer; Infinity where neither is bounded
 */
export function countStepsOf({ dataset, options }: TrainingOrder, goal: BatchGoal): number {
  const { epochs, tokens } = goal;
  if ('countBatches' in dataset) return dataset.countBatches({ epochs, tokens }, options);
  const share = Math.min(epochs ?? Infinity, (tokens ?? Infinity) / dataset.targetCount);
  return share === Infinity ? Infinity : countEpochBatches(describeBatches({ dataset, options }), share);
}

/** The batches of any dataset by going to places in them; none is read. */
function describeBatches({ dataset, options }: TrainingOrder): RepeatedBatches {
  if (!('batches' in dataset)) {
    return { count: Infinity, epochAfter: (batches) => (batches * options.batchSize) / dataset.size };
  }
  const sequence = dataset.batches(options);
  const start = sequence.save();
  const epochAfter = (batches: number): number => {
    sequence.restore({ ...start, batches });
    return sequence.epoch;
  };
  return { count: sequence.remaining, epochAfter };
}
