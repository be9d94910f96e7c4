import type { OptionChecks } from '../../core/index.js';
import { checkOptions, raise } from '../../core/index.js';
import { WindowDataset } from '../../data/index.js';
import type { TokenArray, TokenBatch } from '../../data/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import { LossMetric } from '../losses/loss-metric.js';
import { measureBatches } from '../losses/measure-batches.js';

/** Settings of {@link evaluate}. */
export interface EvaluateOptions {
  /** Tokens a window (default: the model's context length, 256 where it has none). */
  length?: number;
  /** Windows at a time (default 32). */
  batchSize?: number;
  /** Ends with an error of code PAL_ABORTED. */
  signal?: AbortSignal;
}

/** The keys of {@link EvaluateOptions}. */
export const evaluateKeys: OptionChecks<EvaluateOptions> = { length: true, batchSize: true, signal: true };

/** Result of {@link evaluate}. */
export interface Evaluation {
  /** Nats a token, without label smoothing. */
  loss: number;
  /** The exponential of the loss. */
  perplexity: number;
  /** Tokens predicted. */
  tokens: number;
}

/** Tokens a window of a model without a limit. */
const DEFAULT_LENGTH = 256;

/**
 * The loss on a whole split: every token but the first is predicted exactly once, from the start of its window on.
 *
 * @param model - dropout is off whatever its mode
 * @param split - at least two tokens
 * @throws DataError when there are fewer
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function evaluate(
  model: LanguageModel,
  split: TokenArray,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const {
    length = model.config.contextLength ?? DEFAULT_LENGTH,
    batchSize = 32,
    signal,
  } = checkOptions('evaluate', options, evaluateKeys);
  using metric = new LossMetric();
  await measureBatches(model, iterateSplit(split, length, batchSize), [metric], signal);
  const loss = metric.result();
  return { loss, perplexity: Math.exp(loss), tokens: metric.tokens };
}

/** Whole windows side by side, then the rest as a shorter one. */
function* iterateSplit(split: TokenArray, length: number, batchSize: number): Generator<TokenBatch, void> {
  if (split.length < 2) {
    raise('PAL_DATA', { where: 'evaluate', expected: 'at least 2 tokens', received: String(split.length) });
  }
  const rest = (split.length - 1) % length;
  if (split.length > length)
    yield* new WindowDataset(split, { length, partial: 'drop' }).batches({ batchSize, order: 'sequential' });
  if (rest > 0) yield new WindowDataset(split.subarray(split.length - 1 - rest), { length: rest }).batchAt([0]);
}
