/** Small trials of a model before a long run. Weights and random streams are as before afterwards. */
import { Random, expectPositiveInteger, expectRange } from '../core/index.js';
import type { TokenBatch } from '../data/index.js';
import type { LanguageModel } from '../models/index.js';
import { AdamW, clipDivisor, gradNorm } from '../optim/index.js';
import { Generator, noGrad, scope, withGenerator } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { contextOf, withTensors } from './micro-batch.js';
import { Runner } from './runner.js';

/** One pass forward and backward over random tokens. */
export interface DryRunPass {
  batchSize: number;
  length: number;
  /** Nats a token. */
  loss: number;
  gradNorm: number;
  /** ln V, the loss of a model that knows nothing. */
  uniformLoss: number;
  /** Whether loss and gradients are finite and the loss lies within a tenth of ln V. */
  passed: boolean;
  seconds: number;
}

/** How {@link dryRun} goes about it. */
export interface DryRunOptions {
  /** Default 1 and 32. */
  batchSizes?: readonly number[];
  /** Tokens a row (default: the model's context length, or 100). */
  length?: number;
  /** Draws the tokens (default 0). */
  seed?: number;
}

/** Tokens a row of a model without a limit. */
const DEFAULT_LENGTH = 100;
/** The share of ln V by which a first loss may differ from it. */
const TOLERANCE = 0.1;
const CLIP_NORM = 1;

/**
 * Passes random tokens through a model, forward and backward, and compares the loss with ln V, which fresh weights
 * should give.
 *
 * @example for (const { batchSize, loss, passed } of await dryRun(model)) console.log(batchSize, loss, passed);
 */
export async function dryRun(model: LanguageModel, options: DryRunOptions = {}): Promise<DryRunPass[]> {
  const { batchSizes = [1, 32], length = model.config.contextLength ?? DEFAULT_LENGTH, seed = 0 } = options;
  const passes: DryRunPass[] = [];
  for (const batchSize of batchSizes) {
    expectPositiveInteger('dryRun', 'batchSize', batchSize);
    passes.push(await onePass(model, randomBatch(model, batchSize, length, seed)));
  }
  return passes;
}

async function onePass(model: LanguageModel, batch: TokenBatch): Promise<DryRunPass> {
  const start = performance.now();
  const { loss, norm } = await withTensors(batch, model, (tensors) =>
    Promise.resolve(scope(() => lossAndNorm(model, tensors, batch))),
  );
  model.zeroGrad();
  const uniformLoss = Math.log(model.config.vocabSize);
  const passed = Number.isFinite(norm) && Math.abs(loss - uniformLoss) < TOLERANCE * uniformLoss;
  const [batchSize, length] = batch.shape;
  return { batchSize, length, loss, gradNorm: norm, uniformLoss, passed, seconds: (performance.now() - start) / 1000 };
}

function lossAndNorm(model: LanguageModel, tensors: Tensor[], batch: TokenBatch): { loss: number; norm: number } {
  using generator = new Generator(0);
  return withGenerator(generator, () => {
    model.zeroGrad();
    const [inputs, targets] = tensors as [Tensor, Tensor];
    const { lossSum, count } = model.accumulateGradients(inputs, targets, contextOf(tensors, batch, true));
    return { loss: lossSum.item() / count.item(), norm: gradNorm(model.parameters()).item() };
  });
}

function randomBatch(model: LanguageModel, batchSize: number, length: number, seed: number): TokenBatch {
  const random = new Random(seed);
  const ids = (): Int32Array =>
    Int32Array.from({ length: batchSize * length }, () => random.integer(model.config.vocabSize));
  return { inputs: ids(), targets: ids(), shape: [batchSize, length] };
}

/** How {@link overfitOneBatch} goes about it. */
export interface OverfitOptions {
  /** The most updates (default 200). */
  steps?: number;
  /** Default 3e-3. */
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
 * learn anything else.
 *
 * @example const { passed } = await overfitOneBatch(model, train.batches({ batchSize: 4, order: 'shuffled' }).next().value!);
 */
export async function overfitOneBatch(
  model: LanguageModel,
  batch: TokenBatch,
  { steps = 200, learningRate = 3e-3, target = 0.1 }: OverfitOptions = {},
): Promise<OverfitReport> {
  expectPositiveInteger('overfitOneBatch', 'steps', steps);
  expectRange('overfitOneBatch', 'target', target, { above: 0 });
  const weights = scope(() => model.parameters().map((weight) => weight.detach().clone().keep()));
  const optimizer = new AdamW([{ parameters: model.namedParameters(), weightDecay: 0 }], { learningRate });
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
  }
  return { loss, steps, passed: false };
}

function memorise(
  model: LanguageModel,
  optimizer: AdamW,
  tensors: readonly Tensor[],
  batch: TokenBatch,
): { loss: Tensor } {
  optimizer.zeroGrad();
  const [inputs, targets] = tensors as [Tensor, Tensor];
  const { lossSum, count } = model.accumulateGradients(inputs, targets, contextOf(tensors, batch, false));
  optimizer.step({ gradientDivisor: clipDivisor(gradNorm(optimizer.parameters()), CLIP_NORM) });
  return { loss: lossSum.div(count) };
}

function restore(model: LanguageModel, weights: readonly Tensor[]): void {
  model.zeroGrad();
  noGrad(() => {
    for (const [i, weight] of model.parameters().entries()) weight.copy_(weights[i]!);
  });
  for (const weight of weights) weight.dispose();
}
