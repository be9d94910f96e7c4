import type { TokenBatch } from '../../data/index.js';
import { AdamW } from '../../optim/index.js';
import { preserveWeights, trainStep } from '../../step/index.js';
import { LossMetric } from '../losses/loss-metric.js';
import { measureBatches } from '../losses/measure-batches.js';
import { createCheck, formatDigits } from './report.js';
import type { Check } from './report.js';
import type { Probe } from './probe.js';

/** Ids in use: with few of them a model learns to copy within a short training. */
const CHOICES = 16;
/** Sequences of a training step. */
const ROWS = 32;
/** Batches of the final measure. */
const MEASURES = 64;
/** Nats that a sample of targets may lie below its expectation. */
const MARGIN = 0.01;

/** Settings of {@link checkNoiseControl}. */
export interface NoiseOptions {
  steps: number;
  learningRate: number;
}

/**
 * Trains on uniform random tokens, all of them new, and expects a loss of at least ln(ids) − 0.01 on others: less
 * can only come from seeing the targets. The model gets its weights back; gradients are cleared.
 */
export async function checkNoiseControl(probe: Probe, { steps, learningRate }: NoiseOptions): Promise<Check> {
  const choices = Math.min(CHOICES, probe.vocabSize);
  using _ = preserveWeights(probe.model);
  await train(probe, choices, { steps, learningRate });
  const loss = await measureLoss(probe, choices);
  const [value, limit] = [loss, Math.log(choices) - MARGIN];
  const explanation =
    `After ${steps} steps on uniform random tokens, ${choices} ids, the loss on new ones is ${formatDigits(loss)} nats; ` +
    `chance gives ${formatDigits(Math.log(choices))}.`;
  if (loss >= limit) return createCheck('noise control', true, explanation, { value, limit });
  const cause = ' The model sees its targets: look at its mask, and at how the targets are shifted.';
  return createCheck('noise control', false, explanation + cause, { value, limit });
}

async function train(probe: Probe, choices: number, { steps, learningRate }: NoiseOptions): Promise<void> {
  const { model } = probe;
  const optimizer = new AdamW([{ parameters: model.namedParameters() }], { learningRate });
  using step = trainStep({ model, optimizer, training: false, nonFinite: 'report' });
  try {
    for (let index = 0; index < steps; index++) await step.run(drawBatch(probe, choices));
  } finally {
    optimizer.dispose();
  }
}

async function measureLoss(probe: Probe, choices: number): Promise<number> {
  using metric = new LossMetric();
  const batches = Array.from({ length: MEASURES }, () => drawBatch(probe, choices));
  await measureBatches(probe.model, batches, [metric]);
  return metric.result();
}

/** Random ids, and as targets the ids one position later. */
function drawBatch(probe: Probe, choices: number): TokenBatch {
  const ids = probe.draw(ROWS, probe.length + 1, choices);
  const rows = Array.from({ length: ROWS }, (_, row) => row * (probe.length + 1));
  const shifted = (by: number) =>
    Int32Array.from(rows.flatMap((start) => [...ids.subarray(start + by, start + by + probe.length)]));
  return { inputs: shifted(0), targets: shifted(1), shape: [ROWS, probe.length] };
}
