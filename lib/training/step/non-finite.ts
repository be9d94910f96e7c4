import { raise } from '../../core/index.js';
import type { TokenBatch } from '../../data/index.js';
import type { Module } from '../../nn/index.js';
import { watchForward } from '../../nn/index.js';
import { backward, isTensor, scope, withGenerator } from '../../tensor/index.js';
import type { Generator, Tensor } from '../../tensor/index.js';
import { BatchTensors, buildContext, computeLoss } from '../../step/index.js';
import type { Objective } from '../../step/index.js';

/** An update that was skipped. */
export interface NonFiniteUpdate {
  objective: Objective;
  batch: TokenBatch;
  step: number;
  loss: number;
  gradNorm: number;
  /** At the state it had at the step. */
  generator: Generator;
}

/**
 * Ends a run whose loss or gradients are no numbers any more. The batch goes through the model once more, so that the
 * first module that gives such values can be named.
 * @param update - the model, its batch of `[B, T]`, and the figures of the step
 * @throws PalabraError of code PAL_NON_FINITE always
 */
export function throwNonFinite(update: NonFiniteUpdate): never {
  const { objective, batch, step, loss, gradNorm, generator } = update;
  using tensors = new BatchTensors(batch, objective.model.device);
  const culprit = scope(() => withGenerator(generator, () => findNonFinite(objective, tensors, batch)));
  const examples = batch.examples ?? [];
  raise('PAL_NON_FINITE', {
    where: 'Trainer',
    expected: 'a finite loss and finite gradients',
    received: `loss ${loss} and gradient norm ${gradNorm} at step ${step}${describeExamples(examples)}; first in ${culprit}`,
    fix: 'No weight was changed. Look at the batch; a lower learning rate or maxGradNorm often helps.',
    details: { step, loss, gradNorm, examples, culprit },
  });
}

function describeExamples(examples: readonly number[]): string {
  if (examples.length === 0) return '';
  const shown = examples.slice(0, 8).join(', ');
  return `, examples ${shown}${examples.length > 8 ? ', …' : ''}`;
}

/** Names the first that holds a value that is not finite: a weight, the output of a module, or a gradient. */
function findNonFinite(objective: Objective, { inputs, targets, list }: BatchTensors, batch: TokenBatch): string {
  const { model } = objective;
  const weights = Object.entries(model.stateDict());
  const weight = weights.find(([, tensor]) => hasNonFinite(tensor));
  if (weight !== undefined) return `the weight ${weight[0]}`;
  let found: string | undefined;
  const watch = (path: string, output: unknown): void => {
    if (found === undefined && isTensor(output) && hasNonFinite(output))
      found = `the output of ${path === '' ? 'the model' : path}`;
  };
  using _watch = watchForward(model, watch);
  const loss = computeLoss(objective, { inputs, targets, context: buildContext(list, batch, true) }).lossSum;
  return found ?? findGradient(model, loss);
}

function findGradient(model: Module, loss: Tensor): string {
  if (hasNonFinite(loss)) return 'the loss';
  model.zeroGrad();
  backward(loss);
  const gradients = Object.entries(model.namedParameters()).reverse();
  const gradient = gradients.find(([, { grad }]) => grad !== undefined && hasNonFinite(grad));
  model.zeroGrad();
  return gradient === undefined ? 'the norm of all gradients' : `the gradient of ${gradient[0]}`;
}

function hasNonFinite(tensor: Tensor): boolean {
  if (!tensor.dtype.startsWith('float') && tensor.dtype !== 'bfloat16') return false;
  return !tensor.detach().isfinite().all().item<boolean>();
}
