import { checkOptions, raise } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import type { Tensor } from '../../tensor/index.js';
import { glorotUniform } from '../initialize.js';
import { Linear } from '../layers/linear.js';
import { AttentionKernel, attendFused, attentionKernelKeys, defineAttention } from './attention-kernel.js';
import type { AttentionKernelOptions } from './attention-kernel.js';
import { computeAttentionWeights } from './weights.js';

/** Sizes and settings of {@link DifferentialV2Attention}. */
export interface DifferentialV2Options {
  /** C, the width of the residual stream. */
  width: number;
  /** Heads of the output, H; there are twice as many of queries. */
  heads: number;
  /** Scores stay within ± this; unbounded without it. */
  cap?: number | undefined;
}

/** The keys of {@link DifferentialV2Options}. */
export const differentialV2Keys: OptionChecks<DifferentialV2Options> = { width: true, heads: true, cap: true };

/**
 * The difference of two softmax maps over the same keys by a factor of each token and head,
 * (softmax(Q₁Kᵀ/√D) − λ · softmax(Q₂Kᵀ/√D)) · V with λ = σ(W x), without a norm. Queries come in as `[B, 2H, T, D]`,
 * both of a head side by side; keys and values as of plain attention.
 * @remarks With a cap on scores or with dropout the weights are held; else the fused operator sees 2H plain heads.
 * @see the second version of https://github.com/microsoft/unilm/tree/master/Diff-Transformer
 */
export class DifferentialV2Attention extends AttentionKernel {
  /** The map to the logits of λ. */
  readonly lambda: Linear;
  readonly cap: number | undefined;

  constructor(options: DifferentialV2Options) {
    super();
    const { width, heads, cap } = checkOptions('DifferentialV2Attention', options, differentialV2Keys);
    this.lambda = new Linear(width, heads, { bias: false, initialize: glorotUniform });
    this.cap = cap;
  }

  override extraRepr(): string {
    return this.cap === undefined ? '' : `± ${this.cap}`;
  }

  /**
   * λ of each token and head.
   * @param x - `[B, T, C]`, floating
   * @returns `[B, T, H]` in the dtype of `x`, between 0 and 1
   */
  override computeGates(x: Tensor): Tensor {
    return this.lambda.forward(x).sigmoid();
  }

  /**
   * The difference of both maps: rows sum to 1 − λ, and values may be negative.
   * @param q - `[B, 2H, T, D]`, floating
   * @param keys - `[B, K, S, D]`, where K divides H
   * @param options - its `mask` and `gates` are read
   * @returns `[B, H, T, S]`
   */
  weights(q: Tensor, keys: Tensor, options: AttentionKernelOptions): Tensor {
    const { mask, gates } = checkOptions('DifferentialV2Attention.weights', options, attentionKernelKeys);
    return computePairDifference(computeAttentionWeights(q, keys, { mask, cap: this.cap }), gates);
  }

  /**
   * The difference of both maps applied to the values.
   * @param q - `[B, 2H, T, D]`, floating
   * @param keys - `[B, K, S, D]`, where K divides H
   * @param values - `[B, K, S, D]`
   * @param options - mask, positions, the probability of dropout, and λ as `gates`
   * @returns `[B, H, T, D]`
   */
  forward(q: Tensor, keys: Tensor, values: Tensor, options: AttentionKernelOptions): Tensor {
    checkOptions('DifferentialV2Attention.forward', options, attentionKernelKeys);
    if (this.cap !== undefined || options.dropout > 0) return this.attendUnfused(q, keys, values, options);
    return computePairDifference(attendFused(q, keys, values, options), options.gates);
  }
}

/** The first of each pair of heads less λ times the second, `[B, 2H, T, …]` → `[B, H, T, …]`. */
function computePairDifference(both: Tensor, gates: Tensor | undefined): Tensor {
  const pairs = both.unflatten(1, [-1, 2]); // B H 2 T …
  const second = pairs.select(2, 1);
  const lambda = (gates ?? throwNoGates()).transpose(1, 2).unsqueeze(-1); // B H T 1
  return pairs.select(2, 0).sub(second.mul(lambda));
}

function throwNoGates(): never {
  const expected = 'gates, as computeGates gives them';
  raise('PAL_ARGUMENT', { where: 'DifferentialV2Attention', expected, received: 'none' });
}

/** The `differentialV2` type of attention. */
export const differentialV2Attention = defineAttention({
  schema: (z) =>
    z.strictObject({
      type: z.literal('differentialV2'),
      cap: z.number().gt(0).exactOptional().describe('Scores stay within ± this: cap · tanh(score / cap).'),
    }),
  softmaxMaps: 2,
  keyMaps: 1,
  mapWidth: 'whole',
  create: ({ cap }, { width, heads }) => new DifferentialV2Attention({ width, heads, cap }),
  countParameters: ({ width, heads }) => width * heads,
});
