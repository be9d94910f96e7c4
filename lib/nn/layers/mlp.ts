import { checkOptions } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { gelu, relu, silu, swiglu, tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { Initializer } from '../initialize.js';
import { Linear } from './linear.js';
import { Module } from '../module.js';
import { parameter } from '../parameters.js';

/** Sizes and initial values of a feed-forward block. */
export interface MlpOptions {
  /** Width of the residual stream, C. */
  width: number;
  /** Width between the two maps. */
  hiddenWidth: number;
  bias: boolean;
  /** Initial values of the maps into the hidden width. */
  initialize: Initializer;
  /** Initial values of the map back. */
  initializeOutput: Initializer;
}

/** The keys of {@link MlpOptions}. */
export const mlpKeys: OptionChecks<MlpOptions> = {
  width: true,
  hiddenWidth: true,
  bias: true,
  initialize: true,
  initializeOutput: true,
};

/** A feed-forward block, `[B, T, C]` to `[B, T, C]`. */
export abstract class Mlp extends Module {
  /**
   * Maps each position by itself.
   * @param x - `[B, T, C]`, floating
   * @returns `[B, T, C]`
   */
  abstract forward(x: Tensor): Tensor;
}

abstract class TwoLayerMlp extends Mlp {
  readonly up: Linear;
  readonly down: Linear;

  constructor(where: string, options: MlpOptions) {
    super();
    const { width, hiddenWidth, bias, initialize, initializeOutput } = checkOptions(where, options, mlpKeys);
    this.up = new Linear(width, hiddenWidth, { bias, initialize });
    this.down = new Linear(hiddenWidth, width, { bias, initialize: initializeOutput });
  }

  forward(x: Tensor): Tensor {
    return this.down.forward(this.activate(this.up.forward(x)));
  }

  /**
   * The nonlinearity, value by value.
   * @param x - `[B, T, hiddenWidth]`, floating
   * @returns `[B, T, hiddenWidth]`
   */
  protected abstract activate(x: Tensor): Tensor;
}

/**
 * y = W₂·GELU(W₁x), with the exact GELU, or its approximation by a hyperbolic tangent.
 * @see Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415
 */
export class GeluMlp extends TwoLayerMlp {
  readonly approximate: 'none' | 'tanh';

  constructor(options: MlpOptions & { approximate?: 'none' | 'tanh' | undefined }) {
    const { approximate = 'none', ...sizes } = checkOptions('GeluMlp', options, { ...mlpKeys, approximate: true });
    super('GeluMlp', sizes);
    this.approximate = approximate;
  }

  protected activate(x: Tensor): Tensor {
    return gelu(x, { approximate: this.approximate });
  }
}

/**
 * y = W₂·max(W₁x, 0)².
 * @see So et al. 2021, https://arxiv.org/abs/2109.08668
 */
export class ReluSquaredMlp extends TwoLayerMlp {
  constructor(options: MlpOptions) {
    super('ReluSquaredMlp', options);
  }

  protected activate(x: Tensor): Tensor {
    return relu(x).square();
  }
}

/**
 * y = W₂·(SiLU(W₁x) ⊙ W₃x), or y = W₂·((SiLU(W₁x) + α) ⊙ W₃x) with a learned α that starts at 0.
 * @see Shazeer 2020, https://arxiv.org/abs/2002.05202
 */
export class SwigluMlp extends TwoLayerMlp {
  readonly gate: Linear;
  /** α, a scalar `[]`. */
  gateResidual: Tensor | undefined;

  constructor(options: MlpOptions & { gateResidual?: boolean | undefined }) {
    const { gateResidual = false, ...sizes } = checkOptions('SwigluMlp', options, { ...mlpKeys, gateResidual: true });
    super('SwigluMlp', sizes);
    const { width, hiddenWidth, bias, initialize } = sizes;
    this.gate = new Linear(width, hiddenWidth, { bias, initialize });
    this.gateResidual = gateResidual ? parameter(tensor(0), { kind: 'scalar' }) : undefined;
  }

  override forward(x: Tensor): Tensor {
    const gates = this.gate.forward(x);
    if (this.gateResidual === undefined) return this.down.forward(swiglu(gates, this.up.forward(x)));
    return this.down.forward(this.activate(gates).add(this.gateResidual).mul(this.up.forward(x)));
  }

  protected activate(x: Tensor): Tensor {
    return silu(x);
  }
}
