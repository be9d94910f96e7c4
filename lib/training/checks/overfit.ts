import type { OptionChecks } from '../../core/index.js';
import { checkOptions, expectPositiveInteger, expectRange } from '../../core/index.js';
import type { TokenBatch } from '../../data/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import { buildOptimizer } from '../../optim/index.js';
import type { OptimizerConfigOptions } from '../../optim/index.js';
import { preserveWeights, trainStep } from '../../step/index.js';
import type { TrainStep } from '../../step/index.js';

/** Muon overfits a batch in a quarter of the updates that AdamW takes, LSTMs above all. */
const OPTIMIZER: OptimizerConfigOptions = { type: 'muon', weightDecay: 0, betas: [0.9, 0.99] };
const MAX_GRAD_NORM = 1;

/** Settings of {@link overfitOneBatch}. */
export interface OverfitOptions {
  /** The most updates (default 200). */
  steps?: number;
  /** Of Muon (default 0.02). */
  learningRate?: number;
  /** The loss to fall below (default 0.1). */
  target?: number;
}

/** The keys of {@link OverfitOptions}. */
export const overfitKeys: OptionChecks<OverfitOptions> = { steps: true, learningRate: true, target: true };

/** The end of {@link overfitOneBatch}. */
export interface OverfitReport {
  /** Nats a token, without dropout, at the last update. */
  loss: number;
  /** Updates made. */
  steps: number;
  /** True if the loss fell below the target. */
  passed: boolean;
}

/**
 * Trains on one batch alone, dropout off, until its loss is below the target. A model or a step that cannot do that
 * will not learn anything else. Weights are as before afterwards.
 *
 * @param model - trained for the while
 * @param batch - inputs and targets of `[B, T]`
 * @param options - by default 200 updates with a learning rate of 0.02
 * @param options.steps - the most updates (default 200)
 * @param options.learningRate - of Muon (default 0.02)
 * @param options.target - the loss to fall below in nats a token, above 0 (default 0.1)
 * @returns the loss of the last update in nats a token, the updates made, and whether the target was reached
 * @throws ArgumentError for a setting out of range
 * @example const { passed } = await overfitOneBatch(model, train.batches({ batchSize: 4, order: 'shuffled'
 *   }).next().value!);
 */
export async function overfitOneBatch(
  model: LanguageModel,
  batch: TokenBatch,
  options: OverfitOptions = {},
): Promise<OverfitReport> {
  const { steps = 200, learningRate = 0.02, target = 0.1 } = checkOptions('overfitOneBatch', options, overfitKeys);
  expectPositiveInteger('overfitOneBatch', 'steps', steps);
  expectRange('overfitOneBatch', 'target', target, { above: 0 });
  using _ = preserveWeights(model);
  const optimizer = buildOptimizer({ ...OPTIMIZER, learningRate }, model);
  const settings = { model, optimizer, training: false, maxGradNorm: MAX_GRAD_NORM, nonFinite: 'report' } as const;
  using step = trainStep(settings);
  try {
    return await repeatStep(step, batch, steps, target);
  } finally {
    optimizer.dispose();
  }
}

async function repeatStep(step: TrainStep, batch: TokenBatch, steps: number, target: number): Promise<OverfitReport> {
  // Every update starts from no memory, as the first.
  const { resetState: __, ...rows } = batch;
  let loss = Infinity;
  for (let index = 1; index <= steps; index++) {
    ({ loss } = await step.run(rows));
    if (loss < target) return { loss, steps: index, passed: true };
    if (!Number.isFinite(loss)) return { loss, steps: index, passed: false };
  }
  return { loss, steps, passed: false };
}
