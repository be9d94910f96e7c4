import { checkOptions } from '../../core/index.js';
import { tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { parameter } from '../parameters.js';
import { AttentionKernel, attendFused, attentionKernelKeys, defineAttention } from './attention-kernel.js';
import type { AttentionKernelOptions } from './attention-kernel.js';
import { computeAttentionWeights } from './weights.js';

/** λ before training. */
const LAMBDA = 0.8;

/**
 * The difference of two softmax maps by one learned factor a layer, (softmax(Q₁K₁ᵀ/√D) − λ · softmax(Q₂K₂ᵀ/√D)) · V,
 * without a norm. Queries and keys come in as `[B, 2H, T, D]` and `[B, 2K, S, D]`, both of a head side by side.
 * @remarks With a cap on scores or with dropout the weights are held; else both maps go through the fused operator.
 * @see Ye et al. 2024, https://arxiv.org/abs/2410.05258, equation 1, of whose λ this is a plain form
 */
export class DifferentialScalarAttention extends AttentionKernel {
  /** λ, a scalar `[]`, initially 0.8. */
  lambda: Tensor;

  /** @param cap - scores stay within ± this; unbounded without it */
  constructor(readonly cap?: number) {
    super();
    this.lambda = parameter(tensor(LAMBDA), { kind: 'scalar' });
  }

  override extraRepr(): string {
    return this.cap === undefined ? '' : `± ${this.cap}`;
  }

  /**
   * The difference of both maps: rows sum to 1 − λ, and values may be negative.
   * @param q - `[B, 2H, T, D]`, floating
   * @param keys - `[B, 2K, S, D]`
   * @param options - only its `mask` is read
   * @returns `[B, H, T, S]`
   */
  weights(q: Tensor, keys: Tensor, options: AttentionKernelOptions): Tensor {
    const { mask } = checkOptions('DifferentialScalarAttention.weights', options, attentionKernelKeys);
    return this.subtract((map) =>
      computeAttentionWeights(selectMap(q, map), selectMap(keys, map), { mask, cap: this.cap }),
    );
  }

  /**
   * The difference of both maps applied to the values.
   * @param q - `[B, 2H, T, D]`, floating
   * @param keys - `[B, 2K, S, D]`
   * @param values - `[B, K, S, D]`
   * @param options - mask, positions and the probability of dropout
   * @returns `[B, H, T, D]`
   */
  forward(q: Tensor, keys: Tensor, values: Tensor, options: AttentionKernelOptions): Tensor {
    checkOptions('DifferentialScalarAttention.forward', options, attentionKernelKeys);
    if (this.cap !== undefined || options.dropout > 0) return this.attendUnfused(q, keys, values, options);
    return this.subtract((map) => attendFused(selectMap(q, map), selectMap(keys, map), values, options));
  }

  /** The first map's less λ times the second's. */
  private subtract(compute: (map: number) => Tensor): Tensor {
    const first = compute(0);
    return first.sub(compute(1).mul(this.lambda));
  }
}

/** The queries or keys of one map, `[B, 2H, T, D]` → `[B, H, T, D]`. */
function selectMap(x: Tensor, map: number): Tensor {
  return x.unflatten(1, [-1, 2]).select(2, map);
}

/** The `differentialScalar` type of attention. */
export const differentialScalarAttention = defineAttention({
  schema: (z) =>
    z.strictObject({
      type: z.literal('differentialScalar'),
      cap: z.number().gt(0).exactOptional().describe('Scores stay within ± this: cap · tanh(score / cap).'),
    }),
  softmaxMaps: 2,
  mapWidth: 'whole',
  create: ({ cap }) => new DifferentialScalarAttention(cap),
  countParameters: () => 1,
});
