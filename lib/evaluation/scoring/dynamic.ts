import { expectRange } from '../../core/index.js';
import type { TokenBatch } from '../../data/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import { SGD } from '../../optim/index.js';
import { preserveWeights, trainStep } from '../../step/index.js';

/** Settings of dynamic evaluation. */
export interface DynamicOptions {
  /** Step size of gradient descent. */
  learningRate: number;
  /** The most that the norm of all gradients may be (default 1). */
  maxGradNorm?: number;
}

/** Lets a model learn from a batch that was scored; when it is disposed of, the weights are as before. */
export interface DynamicStep extends Disposable {
  run(batch: TokenBatch): Promise<unknown>;
}

/**
 * Creates a step of gradient descent on what was scored: dynamic evaluation.
 * @throws ArgumentError for settings out of range
 * @see Krause et al. 2018, https://arxiv.org/abs/1709.07432
 */
export function createDynamicStep(
  model: LanguageModel,
  { learningRate, maxGradNorm = 1 }: DynamicOptions,
): DynamicStep {
  expectRange('score', 'dynamic.learningRate', learningRate, { above: 0 });
  expectRange('score', 'dynamic.maxGradNorm', maxGradNorm, { above: 0 });
  const preserved = preserveWeights(model);
  const optimizer = new SGD([{ parameters: model.namedParameters() }], { learningRate });
  const step = trainStep({ model, optimizer, maxGradNorm, training: false });
  return {
    run: (batch) => step.run(batch),
    [Symbol.dispose]() {
      step.dispose();
      optimizer.dispose();
      preserved[Symbol.dispose]();
    },
  };
}
