import type { OptionChecks } from '../../core/index.js';
import { setImmediate } from 'node:timers/promises';
import { Random, checkOptions, expectPositiveInteger } from '../../core/index.js';
import type { TokenBatch } from '../../data/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import { computeGradNorm } from '../../optim/interface/index.js';
import { Generator, scope, withGenerator } from '../../tensor/index.js';
import { BatchTensors, buildContext } from '../../step/index.js';

/** One pass forward and backward over random tokens. */
export interface DryRunPass {
  batchSize: number;
  length: number;
  /** Nats a token. */
  loss: number;
  gradNorm: number;
  /** ln V, the loss of a model that knows nothing. */
  uniformLoss: number;
  /** True if loss and gradients are finite and the loss lies within a tenth of ln V. */
  passed: boolean;
  seconds: number;
}

/** Settings of {@link dryRun}. */
export interface DryRunOptions {
  /** Default 1 and 32. */
  batchSizes?: readonly number[];
  /** Tokens a row (default: the model's context length, or 100). */
  length?: number;
  /** Draws the tokens (default 0). */
  seed?: number;
}

/** The keys of {@link DryRunOptions}. */
export const dryRunKeys: OptionChecks<DryRunOptions> = { batchSizes: true, length: true, seed: true };

/** Tokens a row of a model without a limit. */
const DEFAULT_LENGTH = 100;
/** The share of ln V by which a first loss may differ from it. */
const TOLERANCE = 0.1;

/**
 * Passes random tokens through a model, forward and backward, and compares the loss with ln V, which fresh weights
 * should give. Weights and random streams are as before afterwards.
 *
 * @param model - its gradients are cleared
 * @param options - batches of 1 and 32 rows by default, as long as the context, or 100 tokens
 * @returns a pass for each batch size
 * @throws ArgumentError for a batch size that is no positive integer
 * @example for (const { batchSize, loss, passed } of await dryRun(model)) console.log(batchSize, loss, passed);
 */
export async function dryRun(model: LanguageModel, options: DryRunOptions = {}): Promise<DryRunPass[]> {
  checkOptions('dryRun', options, dryRunKeys);
  const { batchSizes = [1, 32], length = model.config.contextLength ?? DEFAULT_LENGTH, seed = 0 } = options;
  const passes: DryRunPass[] = [];
  for (const batchSize of batchSizes) {
    expectPositiveInteger('dryRun', 'batchSize', batchSize);
    // The event loop gets its turn between two passes.
    await setImmediate();
    passes.push(runPass(model, drawBatch(model, batchSize, length, seed)));
  }
  return passes;
}

function runPass(model: LanguageModel, batch: TokenBatch): DryRunPass {
  const start = performance.now();
  using tensors = new BatchTensors(batch, model.device);
  const { loss, norm } = scope(() => measureGradients(model, tensors, batch));
  model.zeroGrad();
  const uniformLoss = Math.log(model.config.vocabSize);
  const passed = Number.isFinite(norm) && Math.abs(loss - uniformLoss) < TOLERANCE * uniformLoss;
  const [batchSize, length] = batch.shape;
  return { batchSize, length, loss, gradNorm: norm, uniformLoss, passed, seconds: (performance.now() - start) / 1000 };
}

function measureGradients(
  model: LanguageModel,
  { inputs, targets, list }: BatchTensors,
  batch: TokenBatch,
): { loss: number; norm: number } {
  using generator = new Generator(0);
  return withGenerator(generator, () => {
    model.zeroGrad();
    const { lossSum, count } = model.accumulateGradients(inputs, targets, buildContext(list, batch, true));
    return { loss: lossSum.item() / count.item(), norm: computeGradNorm(model.parameters()).item() };
  });
}

function drawBatch(model: LanguageModel, batchSize: number, length: number, seed: number): TokenBatch {
  const random = new Random(seed);
  const ids = (): Int32Array =>
    Int32Array.from({ length: batchSize * length }, () => random.integer(model.config.vocabSize));
  return { inputs: ids(), targets: ids(), shape: [batchSize, length] };
}
