import { raise } from '../../core/index.js';
import type { Dataset, TokenBatch } from '../../data/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import type { Module } from '../../nn/index.js';
import { expectTokenIds } from '../../step/index.js';
import type { Metric } from '../metrics/metric.js';

/**
 * Lets metrics see every batch; their results are theirs to give.
 * @param model - whatever its mode
 * @param batches - of `[B, T]`
 * @param metrics - started anew
 * @param signal - ends with an error
 * @param split - names the data in errors
 * @throws PalabraError of code PAL_ABORTED when the signal fires; DataError for an id that the model has no row for
 */
export async function measureBatches<Model extends Module = LanguageModel>(
  model: Model,
  batches: Iterable<TokenBatch>,
  metrics: readonly Metric<TokenBatch, Model>[],
  signal?: AbortSignal,
  split = 'evaluated data',
): Promise<void> {
  for (const metric of metrics) metric.start(model);
  for (const batch of batches) {
    if (signal?.aborted === true) throwAborted(signal);
    expectTokenIds('evaluate', model, batch, split);
    for (const metric of metrics) await metric.add(batch);
  }
}

/**
 * The batches that a dataset is evaluated in.
 * @param dataset - each of its targets is seen once
 * @param batchSize - the most rows of a batch, a positive integer
 * @returns batches of `[B, T]` in order
 */
export function listEvaluationBatches(dataset: Dataset, batchSize: number): Iterable<TokenBatch> {
  return dataset.batchesForEvaluation?.(batchSize) ?? dataset.batches({ batchSize, order: 'sequential' });
}

function throwAborted(signal: AbortSignal): never {
  const cause: unknown = signal.reason;
  raise('PAL_ABORTED', { where: 'evaluate', expected: 'to reach the end of the split', received: 'an abort', cause });
}
