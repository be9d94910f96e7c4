import { expectPositiveInteger, expectRange } from '../core/index.js';
import type { TokenBatch } from '../data/index.js';
import type { LanguageModel } from '../models/index.js';
import { buildOptimizer, computeClipDivisor, computeGradNorm } from '../optim/index.js';
import type { Optimizer, OptimizerConfigOptions } from '../optim/index.js';
import { noGrad, scope } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { contextOf, withTensors } from './micro-batch.js';
import { Runner } from './runner.js';

/** Muon learns by heart in a quarter of the updates that AdamW takes, LSTMs above all. */
const OPTIMIZER: OptimizerConfigOptions = { type: 'muon', weightDecay: 0, betas: [0.9, 0.99] };
const CLIP_NORM = 1;

/** How {@link overfitOneBatch} goes about it. */
export interface OverfitOptions {
  /** The most updates (default 200). */
  steps?: number;
  /** Of Muon (default 0.02). */
  learningRate?: number;
  /** The loss to fall below (default 0.1). */
  target?: number;
}

/** What {@link overfitOneBatch} found. */
export interface OverfitReport {
  /** Nats a token, without dropout, at the last update. */
  loss: number;
  /** Updates made. */
  steps: number;
  /** Whether the loss fell below the target. */
  passed: boolean;
}

/**
 * Trains on one batch alone, dropout off, until it is known by heart. A model or a step that cannot do that will not
 * learn anything else. Weights are as before afterwards.
 *
 * @example const { passed } = await overfitOneBatch(model, train.batches({ batchSize: 4, order: 'shuffled' }).next().value!);
 */
export async function overfitOneBatch(
  model: LanguageModel,
  batch: TokenBatch,
  { steps = 200, learningRate = 0.02, target = 0.1 }: OverfitOptions = {},
): Promise<OverfitReport> {
  expectPositiveInteger('overfitOneBatch', 'steps', steps);
  expectRange('overfitOneBatch', 'target', target, { above: 0 });
  const weights = scope(() => model.parameters().map((weight) => weight.detach().clone().keep()));
  const optimizer = buildOptimizer({ ...OPTIMIZER, learningRate }, model);
  const step = new Runner((...tensors) => memorise(model, optimizer, tensors, batch), 'program');
  try {
    return await withTensors(batch, model, (tensors) => repeated(step, tensors, steps, target));
  } finally {
    step.dispose();
    optimizer.dispose();
    restore(model, weights);
  }
}

async function repeated(
  step: Runner<{ loss: Tensor }>,
  tensors: readonly Tensor[],
  steps: number,
  target: number,
): Promise<OverfitReport> {
  let loss = Infinity;
  for (let made = 1; made <= steps; made++) {
    ({ loss } = await step.run(tensors));
    if (loss < target) return { loss, steps: made, passed: true };
    if (!Number.isFinite(loss)) return { loss, steps: made, passed: false };
  }
  return { loss, steps, passed: false };
}

function memorise(
  model: LanguageModel,
  optimizer: Optimizer,
  tensors: readonly Tensor[],
  batch: TokenBatch,
): { loss: Tensor } {
  optimizer.zeroGrad();
  const [inputs, targets] = tensors as [Tensor, Tensor];
  const { lossSum, count } = model.accumulateGradients(inputs, targets, contextOf(tensors, batch, false));
  optimizer.step({ gradientDivisor: computeClipDivisor(computeGradNorm(optimizer.parameters()), CLIP_NORM) });
  return { loss: lossSum.div(count) };
}

function restore(model: LanguageModel, weights: readonly Tensor[]): void {
  model.zeroGrad();
  noGrad(() => {
    for (const [i, weight] of model.parameters().entries()) weight.copy_(weights[i]!);
  });
  for (const weight of weights) weight.dispose();
}
