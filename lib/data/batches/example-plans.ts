import { Random } from '../../core/index.js';
import type { ResolvedBatchOptions } from '../datasets/dataset.js';
import { ExampleOrder } from './example-order.js';
import type { BatchPlan, BatchPlans } from './plan.js';

/**
 * The batches of examples that all have the same shape. A batch may hold the end of one epoch and the start of
 * the next; in order, the last batch may be smaller.
 *
 * @param size - the number of examples
 * @param options - how batches are drawn
 * @param createPlan - the batch of some examples
 */
export function planExamples(
  size: number,
  options: ResolvedBatchOptions,
  createPlan: (examples: number[]) => BatchPlan,
): BatchPlans {
  const { batchSize, order, seed } = options;
  if (order === 'random')
    return planRandomBatches(size, batchSize, seed, (random) => createPlan(drawIntegers(random, batchSize, size)));
  const examples = new ExampleOrder(size, order === 'shuffled' ? seed : undefined);
  const end = order === 'shuffled' ? Infinity : size;
  return {
    count: Math.ceil(end / batchSize),
    epochAfter: (batches) => Math.min(end, batches * batchSize) / size,
    plan: (batch) => {
      const first = batch * batchSize;
      const rows = Math.min(batchSize, end - first);
      return createPlan(Array.from({ length: rows }, (_, row) => examples.at(first + row)));
    },
  };
}

/**
 * Batches of independent draws. Each has random numbers of its own, so that its number says all.
 *
 * @param size - the number of examples, for the count of epochs
 */
export function planRandomBatches(
  size: number,
  batchSize: number,
  seed: number,
  draw: (random: Random) => BatchPlan,
): BatchPlans {
  const random = new Random(seed);
  return {
    count: Infinity,
    epochAfter: (batches) => (batches * batchSize) / size,
    plan: (batch) => draw(random.split('batch', batch)),
  };
}

/** Independent integers in [0, high). */
export function drawIntegers(random: Random, count: number, high: number): number[] {
  return Array.from({ length: count }, () => random.integer(high));
}
