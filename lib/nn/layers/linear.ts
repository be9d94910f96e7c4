import type { OptionChecks } from '../../core/index.js';
import { checkOptions, expectPositiveInteger } from '../../core/index.js';
import { dims, isGradEnabled, linear, linearCrossEntropy, zeros } from '../../tensor/index.js';
import type { SummedLoss, Tensor } from '../../tensor/index.js';
import type { TokenLossTerms } from '../losses.js';
import { fanInUniform } from '../initialize.js';
import type { Initializer } from '../initialize.js';
import { Module } from '../module.js';
import { createPaddedParameter, createPaddingMask, maskPadding } from '../parameters.js';
import { getWeightFormat } from '../quantization/layout.js';
import { dequantizeRows, isQuantized, multiplyRows } from '../quantization/rows.js';
import type { ParameterRole } from '../roles.js';

/** Settings of {@link Linear}. */
export interface LinearOptions {
  /** Adds a bias vector, initially zero (default true). */
  bias?: boolean;
  /** Initial values of the weight (default U(±1/√in)). */
  initialize?: Initializer;
  /** A weight of another module to share, `[out, in]`. */
  weight?: Tensor;
  /** Rounds the rows held up to a multiple of this (default 1); their outputs are left out. */
  rowMultiple?: number;
  /** An output that is always zero, as the logit of padding, whose row gets no gradient (default: none). */
  paddingIndex?: number | undefined;
  /** Role of the weight (default `{ kind: 'matrix' }`). */
  role?: ParameterRole;
}

/** The keys of {@link LinearOptions}. */
export const linearKeys: OptionChecks<LinearOptions> = {
  bias: true,
  initialize: true,
  weight: true,
  rowMultiple: true,
  paddingIndex: true,
  role: true,
};

/** Affine map of the last axis: y = x·Wᵀ + b. */
export class Linear extends Module {
  /** `[out, in]`, and padding rows where asked for. */
  weight: Tensor;
  /** The factor of each row, where `quantizeWeights` holds the weight in int8, or of each group. */
  scale: Tensor | undefined;
  /** As many values as the weight has rows. */
  bias: Tensor | undefined;
  /** `[rows, 1]`: zero for the row of padding, else one. */
  paddingMask: Tensor | undefined;

  constructor(
    readonly inFeatures: number,
    readonly outFeatures: number,
    options: LinearOptions = {},
  ) {
    super();
    const {
      bias = true,
      initialize = fanInUniform,
      weight,
      rowMultiple = 1,
      paddingIndex,
      role = { kind: 'matrix' },
    } = checkOptions('Linear', options, linearKeys);
    expectPositiveInteger('Linear', 'inFeatures', inFeatures);
    expectPositiveInteger('Linear', 'outFeatures', outFeatures);
    expectPositiveInteger('Linear', 'rowMultiple', rowMultiple);
    this.weight = weight ?? createPaddedParameter(initialize([outFeatures, inFeatures]), rowMultiple, role);
    this.paddingMask = createPaddingMask('Linear', this.weight, paddingIndex);
    this.bias = bias ? createPaddedParameter(zeros([outFeatures]), rowMultiple, { kind: 'vector' }) : undefined;
  }

  override extraRepr(): string {
    const held = isQuantized(this.weight) ? `, ${getWeightFormat(this.weight)}` : '';
    return `${this.inFeatures} → ${this.outFeatures}${held}`;
  }

  /**
   * Maps the last axis.
   * @param x - `[…, in]`, floating, in the dtype of the weight where autocast is off; any where that is quantized
   * @returns `[…, out]` in the dtype of `x`, or the one of autocast
   * @throws ShapeError when the last axis is another size than `inFeatures`
   */
  forward(x: Tensor): Tensor {
    dims(x, '... C', { C: this.inFeatures }, 'Linear.forward');
    const { weight, bias } = this;
    const y = isQuantized(weight) ? multiplyRows(x, this, bias) : this.multiply(x, weight, bias);
    return this.weight.shape[0] === this.outFeatures ? y : y.narrow(-1, 0, this.outFeatures);
  }

  /**
   * The cross-entropy of {@link Linear.forward} taken as logits, which are never held as a whole. What changes the map
   * changes this too.
   * @param x - `[…, in]`
   * @param targets - `[…]`, int64, below `out`
   * @param terms - of the loss at each position
   * @returns the sum over positions whose target counts, and their number; both 0-dim
   */
  lossWith(x: Tensor, targets: Tensor, terms: TokenLossTerms = {}): SummedLoss {
    checkOptions('Linear.lossWith', terms, { ignoreIndex: true, labelSmoothing: true, zLoss: true });
    const bias = this.bias && this.withoutPadding(this.bias);
    return linearCrossEntropy(x, this.readWeight(), targets, { ...terms, bias });
  }

  /**
   * The weight as numbers to compute with.
   * @returns `[out, in]`, floating, without padding rows; a copy in float32 where it is held in a shorter type
   */
  readWeight(): Tensor {
    return this.withoutPadding(
      isQuantized(this.weight) ? dequantizeRows(this) : maskPadding(this.weight, this.paddingMask),
    );
  }

  /** Where no gradient is kept and the output is smaller than the weight, padding is masked in the output. */
  private multiply(x: Tensor, weight: Tensor, bias: Tensor | undefined): Tensor {
    const { paddingMask: mask, inFeatures } = this;
    const masksOutput = bias === undefined && !isGradEnabled() && x.numel <= inFeatures ** 2;
    if (mask !== undefined && masksOutput) return linear(x, weight).mul(mask.squeeze(1));
    return linear(x, maskPadding(weight, mask), bias);
  }

  private withoutPadding(table: Tensor): Tensor {
    return table.shape[0] === this.outFeatures ? table : table.narrow(0, 0, this.outFeatures);
  }
}
