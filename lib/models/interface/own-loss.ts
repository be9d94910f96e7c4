import type { Module } from '../../nn/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { ForwardContext } from './language-model.js';
import type { LossOutput } from './loss-output.js';

/** A batch as a loss of one's own sees it. */
export interface LossBatch {
  /** `[B, T]`, int64 */
  readonly inputs: Tensor;
  /** `[B, T]`, int64: −100 where a place does not count. */
  readonly targets: Tensor;
  /** What a language model is passed besides its tokens; `training` is false in evaluations. */
  readonly context: ForwardContext;
}

/**
 * The value of a loss of one's own: scalars `[]`, summed over the targets that count, by whose number they are divided, so
 * that micro-batches add up.
 */
export interface OwnLoss extends Pick<LossOutput, 'lossSum' | 'auxiliary' | 'metrics'> {
  count?: Tensor;
}

/** The loss of a batch by a model; recorded, so it reads no value. */
export type LossFunction<Model extends Module> = (model: Model, batch: LossBatch) => OwnLoss;
