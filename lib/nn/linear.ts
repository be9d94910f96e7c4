import { expectPositiveInteger } from '../core/index.js';
import { dims, linear, zeros } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { fanInUniform } from './initialize.js';
import type { Initializer } from './initialize.js';
import { Module } from './module.js';
import { parameter } from './roles.js';

/** Settings of {@link Linear}. */
export interface LinearOptions {
  /** Adds a bias vector, zero at first (default true). */
  bias?: boolean;
  /** First values of the weight (default U(±1/√in)). */
  initialize?: Initializer;
  /** A weight of another module to share, `[out, in]`. */
  weight?: Tensor;
}

/** Affine map of the last axis: y = x·Wᵀ + b. */
export class Linear extends Module {
  /** `[out, in]`. */
  weight: Tensor;
  /** `[out]`. */
  bias: Tensor | undefined;

  constructor(
    readonly inWidth: number,
    readonly outWidth: number,
    { bias = true, initialize = fanInUniform, weight }: LinearOptions = {},
  ) {
    super();
    expectPositiveInteger('Linear', 'inWidth', inWidth);
    expectPositiveInteger('Linear', 'outWidth', outWidth);
    this.weight = weight ?? parameter(initialize([outWidth, inWidth]));
    this.bias = bias ? parameter(zeros([outWidth])) : undefined;
  }

  override summary(): string {
    return `${this.inWidth} → ${this.outWidth}`;
  }

  /**
   * @param x - `[…, in]`
   * @returns `[…, out]`
   */
  forward(x: Tensor): Tensor {
    dims(x, '... C', { C: this.inWidth }, 'Linear.forward');
    return linear(x, this.weight, this.bias);
  }
}
