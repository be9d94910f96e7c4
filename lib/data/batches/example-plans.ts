import { Random } from '../../core/index.js';
import type { ResolvedBatchOptions } from '../datasets/dataset.js';
import { ExampleOrder } from './example-order.js';
import type { BatchPlan, BatchPlans } from './plan.js';

/**
 * The batches of examples that all have the same shape. A batch may hold the end of one epoch and the start of
 * the next; in order, the last batch may be smaller. No batch has more rows than there are examples.
 *
 * @param size - the number of examples
 * @param options - how batches are drawn
 * @param examples - what they are made of
 * @param examples.createPlan - the batch of some examples
 * @param examples.countTargets - the targets of an example that count
 * @param examples.passes - the epochs that all examples are (default 1)
 */
export function planExamples(
  size: number,
  options: ResolvedBatchOptions,
  { createPlan, countTargets, passes = 1 }: PlannedExamples,
): BatchPlans {
  const { order, seed } = options;
  const batchSize = Math.min(options.batchSize, size);
  if (order === 'random')
    return planRandomBatches(size / passes, options, (random, rows) => createPlan(drawIntegers(random, rows, size)));
  const examples = new ExampleOrder(size, order === 'shuffled' ? seed : undefined);
  const end = order === 'shuffled' ? Infinity : size;
  const listExamples = (batch: number): number[] => {
    const first = batch * batchSize;
    return Array.from({ length: Math.min(batchSize, end - first) }, (_, row) => examples.at(first + row));
  };
  return {
    count: Math.ceil(end / batchSize),
    epochAfter: (batches) => (passes * Math.min(end, batches * batchSize)) / size,
    targetsOf: (batch) => listExamples(batch).reduce((sum, example) => sum + countTargets(example), 0),
    plan: (batch) => createPlan(listExamples(batch)),
  };
}

/** Examples that batches are made of. */
export interface PlannedExamples {
  createPlan: (examples: number[]) => BatchPlan;
  countTargets: (example: number) => number;
  /** The epochs that all examples are, where they share targets (default 1). */
  passes?: number;
}

/**
 * Batches of independent draws. Each has random numbers of its own, so that its number says all.
 *
 * @param size - the examples of an epoch, and the most rows of a batch
 * @param options - the most rows of a batch, and the seed
 * @param draw - draws a batch of so many rows
 */
export function planRandomBatches(
  size: number,
  options: Pick<ResolvedBatchOptions, 'batchSize' | 'seed'>,
  draw: (random: Random, rows: number) => BatchPlan,
): BatchPlans {
  const random = new Random(options.seed);
  const rows = Math.min(options.batchSize, Math.ceil(size));
  return {
    count: Infinity,
    epochAfter: (batches) => (batches * rows) / size,
    plan: (batch) => draw(random.split('batch', batch), rows),
  };
}

/** Independent integers in [0, high). */
export function drawIntegers(random: Random, count: number, high: number): number[] {
  return Array.from({ length: count }, () => random.integer(high));
}
