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
   * @param x - any shape
   * @param training active or not
   * @returns the shape of `x`
   */
  forward(x: Tensor, training = this.training): Tensor {
    return training && this.probability > 0 ? dropout(x, this.probability, { training }) : x;
  }
}
