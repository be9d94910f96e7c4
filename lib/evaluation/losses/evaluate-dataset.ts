import { checkOptions } from '../../core/index.js';
import type { Dataset } from '../../data/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import { LossMetric } from './loss-metric.js';
import { listEvaluationBatches, measureBatches } from './measure-batches.js';

/** The loss on a split. */
export interface SplitLoss {
  /** Nats a token. */
  loss: number;
  /** Tokens predicted. */
  tokens: number;
}

/**
 * The loss on a whole dataset, as a trainer measures it: in float32, without dropout and label smoothing.
 * @param model - whatever its mode
 * @param dataset - seen once, in order
 * @param options - batch size and signal
 * @param options.batchSize - rows of a batch, a positive integer (default 32)
 * @param options.signal - ends with an error of code PAL_ABORTED
 * @returns the mean loss in nats a token, and the targets that count
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function evaluateDataset(
  model: LanguageModel,
  dataset: Dataset,
  options: { batchSize?: number; signal?: AbortSignal } = {},
): Promise<SplitLoss> {
  const { batchSize = 32, signal } = checkOptions('evaluateDataset', options, { batchSize: true, signal: true });
  using metric = new LossMetric();
  await measureBatches(model, listEvaluationBatches(dataset, batchSize), [metric], signal);
  return { loss: metric.result(), tokens: metric.tokens };
}
