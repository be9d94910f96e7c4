import { checkOptions } from '../../core/index.js';
import { dims, layerNorm, ones, rmsNorm, zeros } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { Module } from '../module.js';
import { parameter } from '../parameters.js';

/**
 * y = (x − mean) / √(variance + eps) · weight + bias over the last axis.
 * @see Ba et al. 2016, https://arxiv.org/abs/1607.06450
 */
export class LayerNorm extends Module {
  /** `[width]`, initially ones. */
  weight: Tensor;
  /** `[width]`, initially zeros. */
  bias: Tensor | undefined;
  readonly eps: number;

  constructor(
    readonly width: number,
    options: { eps?: number; bias?: boolean } = {},
  ) {
    super();
    const { eps = 1e-5, bias = true } = checkOptions('LayerNorm', options, { eps: true, bias: true });
    this.eps = eps;
    this.weight = parameter(ones([width]), { kind: 'vector' });
    this.bias = bias ? parameter(zeros([width]), { kind: 'vector' }) : undefined;
  }

  override extraRepr(): string {
    return String(this.width);
  }

  /**
   * Normalises the last axis.
   * @param x - `[…, C]`, floating
   * @returns `[…, C]` in the dtype of `x`
   * @throws ShapeError when the last axis is another size than `width`
   */
  forward(x: Tensor): Tensor {
    dims(x, '... C', { C: this.width }, 'LayerNorm.forward');
    return layerNorm(x, [this.width], { weight: this.weight, bias: this.bias, eps: this.eps });
  }
}

/**
 * y = x / √(mean(x²) + eps) · weight over the last axis.
 * @see Zhang and Sennrich 2019, https://arxiv.org/abs/1910.07467
 */
export class RMSNorm extends Module {
  /** `[width]`, initially ones. */
  weight: Tensor;
  readonly eps: number;

  constructor(
    readonly width: number,
    options: { eps?: number } = {},
  ) {
    super();
    const { eps = 1e-6 } = checkOptions('RMSNorm', options, { eps: true });
    this.eps = eps;
    this.weight = parameter(ones([width]), { kind: 'vector' });
  }

  override extraRepr(): string {
    return String(this.width);
  }

  /**
   * Normalises the last axis.
   * @param x - `[…, C]`, floating
   * @returns `[…, C]` in the dtype of `x`
   * @throws ShapeError when the last axis is another size than `width`
   */
  forward(x: Tensor): Tensor {
    dims(x, '... C', { C: this.width }, 'RMSNorm.forward');
    return rmsNorm(x, [this.width], { weight: this.weight, eps: this.eps });
  }
}
