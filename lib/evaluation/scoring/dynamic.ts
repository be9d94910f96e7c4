import { expectRange } from '../../core/index.js';
import type { DecodeState, LanguageModel } from '../../models/index.js';
import { tokenLoss } from '../../nn/index.js';
import { SGD, computeClipDivisor, computeGradNorm } from '../../optim/index.js';
import { noGrad, program, scope } from '../../tensor/index.js';
import type { NamedTensors } from '../../nn/index.js';
import type { Program, Tensor } from '../../tensor/index.js';
import { scoreLogits } from './score-logits.js';

/** Settings of dynamic evaluation. */
export interface DynamicOptions {
  /** Step size of gradient descent. */
  learningRate: number;
  /** The most that the norm of all gradients may be (default 1). */
  maxGradNorm?: number;
}

/** A recorded pass, and what to do in the end. */
interface DynamicScorer extends Disposable {
  program: Program<[Tensor, Tensor], Tensor>;
}

/**
 * Scores a window, then takes a step of gradient descent on it: dynamic evaluation. When it is disposed of, the
 * weights are what they were.
 * @throws ArgumentError for settings out of range
 * @see Krause et al. 2018, https://arxiv.org/abs/1709.07432
 */
export function createDynamicScorer(
  model: LanguageModel,
  { learningRate, maxGradNorm = 1 }: DynamicOptions,
  state?: DecodeState,
): DynamicScorer {
  expectRange('score', 'dynamic.learningRate', learningRate, { above: 0 });
  expectRange('score', 'dynamic.maxGradNorm', maxGradNorm, { above: 0 });
  const before = copyTensors(model.stateDict());
  const optimizer = new SGD([{ parameters: model.namedParameters() }], { learningRate });
  const recorded = program((inputs: Tensor, targets: Tensor) => {
    optimizer.zeroGrad();
    const logits = model.forward(inputs, { training: false, ...(state && { state }) });
    const scores = scoreLogits(logits, targets);
    tokenLoss(logits, targets).backward();
    const norm = computeGradNorm(optimizer.parameters());
    optimizer.step({ gradientDivisor: computeClipDivisor(norm, maxGradNorm) });
    return scores;
  });
  const dispose = () => {
    recorded.dispose();
    optimizer.zeroGrad();
    optimizer.dispose();
    model.loadStateDict(before);
    for (const tensor of Object.values(before)) tensor.dispose();
  };
  return { program: recorded, [Symbol.dispose]: dispose };
}

function copyTensors(state: NamedTensors): NamedTensors {
  const entries = Object.entries(state).map(([name, value]) => {
    const copy = noGrad(() => scope(() => value.detach().clone()));
    return [name, copy.keep()] as const;
  });
  return Object.fromEntries(entries);
}
