import { AdamW } from '../../optim/index.js';
import { noGrad, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { withOwnWeights } from './own-weights.js';
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
export function checkNoiseControl(probe: Probe, { steps, learningRate }: NoiseOptions): Check {
  const choices = Math.min(CHOICES, probe.vocabSize);
  const loss = withOwnWeights(probe.model, () => {
    train(probe, choices, { steps, learningRate });
    return measureLoss(probe, choices);
  });
  const [value, limit] = [loss, Math.log(choices) - MARGIN];
  const explanation =
    `After ${steps} steps on uniform random tokens, ${choices} ids, the loss on new ones is ${formatDigits(loss)} nats; ` +
    `chance gives ${formatDigits(Math.log(choices))}.`;
  if (loss >= limit) return createCheck('noise control', true, explanation, { value, limit });
  const cause = ' The model sees its targets: look at its mask, and at how the targets are shifted.';
  return createCheck('noise control', false, explanation + cause, { value, limit });
}

function train(probe: Probe, choices: number, { steps, learningRate }: NoiseOptions): void {
  const optimizer = new AdamW([{ parameters: probe.model.namedParameters() }], { learningRate });
  for (let step = 0; step < steps; step++) {
    scope(() => {
      const { inputs, targets } = createPairs(probe, choices);
      probe.model.accumulateGradients(inputs, targets, { training: false });
      optimizer.step();
    });
    optimizer.zeroGrad();
  }
  optimizer.dispose();
}

function measureLoss(probe: Probe, choices: number): number {
  let [sum, counted] = [0, 0];
  for (let i = 0; i < MEASURES; i++) {
    const { lossSum, count } = scope(() => {
      const { inputs, targets } = createPairs(probe, choices);
      return noGrad(() => probe.model.loss(inputs, targets, { training: false }));
    });
    sum += lossSum.item();
    counted += count.item();
    lossSum.dispose();
    count.dispose();
  }
  return sum / counted;
}

/** Inputs and the tokens one position later. */
function createPairs(probe: Probe, choices: number): { inputs: Tensor; targets: Tensor } {
  const rows = probe.ids(ROWS, probe.length + 1, choices);
  return { inputs: rows.narrow(1, 0, probe.length), targets: rows.narrow(1, 1, probe.length) };
}
