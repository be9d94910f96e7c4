import { expectProbability } from '../../core/index.js';
import { dropout } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { Module } from '../module.js';

/**
 * Sets each value to zero with probability p while training and scales the rest by 1/(1 − p).
 * @see Srivastava et al. 2014
 */
export class Dropout extends Module {
  constructor(readonly probability: number) {
    super();
    expectProbability('Dropout', 'probability', probability);
  }

  override extraRepr(): string {
    return String(this.probability);
  }

  /**
   * Drops and scales values.
   * @param x - any shape, floating
   * @param training - active or not (default: the module's mode)
   * @returns the shape and dtype of `x`; `x` itself where dropout is not active
   */
  forward(x: Tensor, training = this.training): Tensor {
    return training && this.probability > 0 ? dropout(x, this.probability, { training }) : x;
  }
}
