import { expectRange } from '../../core/index.js';
import { dims, dropout, ones } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { Module } from '../module.js';

/**
 * Drops the whole branch of a sequence with probability p while training and scales the others by 1/(1 − p).
 * @see Huang et al. 2016, https://arxiv.org/abs/1603.09382
 */
export class StochasticDepth extends Module {
  constructor(readonly probability: number) {
    super();
    expectRange('StochasticDepth', 'probability', probability, { min: 0, below: 1 });
  }

  override extraRepr(): string {
    return String(this.probability);
  }

  /**
   * Drops or scales the branch of each sequence.
   * @param x - `[B, T, C]`, floating
   * @param training - active or not (default: the module's mode)
   * @returns `[B, T, C]` in the dtype of `x`
   */
  forward(x: Tensor, training = this.training): Tensor {
    if (!training || this.probability === 0) return x;
    const { B } = dims(x, 'B T C');
    const kept = dropout(ones([B, 1, 1], { dtype: x.dtype, device: x.device }), this.probability);
    return x.mul(kept);
  }
}
