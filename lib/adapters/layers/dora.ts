import { noGrad, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { LoraFactors } from './lora-factors.js';

/**
 * The Euclidean norm of each row of W + s·B·A, as a constant: no gradient goes back through it.
 * @param weight - W, the pristine one, `[out, in]`, floating
 * @param factors - of the adapter
 * @returns `[out]`, float32
 * @see Liu et al. 2024, https://arxiv.org/abs/2402.09353, section 4.3
 */
export function computeRowNorms(weight: Tensor, factors: LoraFactors): Tensor {
  return noGrad(() => scope(() => weight.to('float32').add(factors.computeDelta()).square().sum(1).sqrt()));
}

/**
 * The factor that DoRA puts on each output row: the learned magnitude over the norm.
 * @param weight - the pristine one, `[out, in]`, floating
 * @param factors - of an adapter with magnitudes
 * @returns `[out]`, float32
 */
export function computeRowFactors(weight: Tensor, factors: LoraFactors): Tensor {
  return factors.magnitude!.div(computeRowNorms(weight, factors));
}

/**
 * What an adapter adds to a weight or a table, computed from the pristine one, so that several add up in any order: s·B·A, or for
 * DoRA m ⊙ (W + s·B·A) / ‖W + s·B·A‖ − W.
 * @param weight - the pristine one, `[out, in]`, floating
 * @param factors - of the adapter
 * @returns `[out, in]`, float32
 */
export function computeUpdate(weight: Tensor, factors: LoraFactors): Tensor {
  if (factors.magnitude === undefined) return factors.table ? factors.computeDelta().t() : factors.computeDelta();
  return scope(() => {
    const plain = weight.to('float32');
    const rows = computeRowFactors(plain, factors).unsqueeze(1);
    return plain.add(factors.computeDelta()).mul(rows).sub(plain);
  });
}
