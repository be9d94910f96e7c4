import { checkOptions } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { aten, cat, dims, randn } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { RMSNorm } from '../layers/norms.js';
import { parameter } from '../parameters.js';
import {
  AttentionKernel,
  attendFused,
  attentionKernelKeys,
  defineAttention,
  needsWeights,
} from './attention-kernel.js';
import type { AttentionKernelOptions } from './attention-kernel.js';
import { computeAttentionWeights } from './weights.js';

/** Standard deviation of the initial values of the vectors that λ is made of. */
const LAMBDA_STD = 0.1;

/** Sizes and settings of {@link DifferentialAttention}. */
export interface DifferentialOptions {
  /** Width of a head's values, D; its queries and keys are two of half of it. */
  headWidth: number;
  /** The place of the layer, from 0. */
  layer: number;
  /** Added to the mean square of a head's output. */
  eps: number;
  /** Scores stay within ± this; unbounded without it. */
  cap?: number | undefined;
}

/** The keys of {@link DifferentialOptions}. */
export const differentialKeys: OptionChecks<DifferentialOptions> = {
  headWidth: true,
  layer: true,
  eps: true,
  cap: true,
};

/**
 * The difference of two softmax maps, in which what both see cancels:
 * (softmax(Q₁K₁ᵀ/√d) − λ · softmax(Q₂K₂ᵀ/√d)) · V, normalised by head and scaled by 1 − λ₀, where
 * λ = exp(λq₁·λk₁) − exp(λq₂·λk₂) + λ₀ and λ₀ = 0.8 − 0.6 · exp(−0.3 · layer).
 * Queries and keys come in as `[B, 2H, T, d]` and `[B, 2K, S, d]`, those of the first maps before those of the second.
 * @remarks λ is computed in float32 (float64 for float64). Grouped heads share both keys of a group.
 * @see Ye et al. 2024, https://arxiv.org/abs/2410.05258, equations 1 to 3
 */
export class DifferentialAttention extends AttentionKernel {
  /** `[d]`, as the three below: initially N(0, 0.01). */
  lambdaQ1: Tensor;
  lambdaK1: Tensor;
  lambdaQ2: Tensor;
  lambdaK2: Tensor;
  /** The norm of each head's output, of one weight for all heads. */
  readonly norm: RMSNorm;
  /** λ₀, about which λ starts. */
  readonly lambdaInit: number;
  readonly cap: number | undefined;

  constructor(options: DifferentialOptions) {
    super();
    const { headWidth, layer, eps, cap } = checkOptions('DifferentialAttention', options, differentialKeys);
    const vector = () => parameter(randn([headWidth / 2]).mul_(LAMBDA_STD), { kind: 'vector' });
    this.lambdaQ1 = vector();
    this.lambdaK1 = vector();
    this.lambdaQ2 = vector();
    this.lambdaK2 = vector();
    this.norm = new RMSNorm(headWidth, { eps });
    this.cap = cap;
    this.lambdaInit = 0.8 - 0.6 * Math.exp(-0.3 * layer);
  }

  override extraRepr(): string {
    return `λ₀ ${this.lambdaInit.toFixed(3)}`;
  }

  /**
   * The factor λ of the second map.
   * @returns a scalar `[]`, float32, or float64 where the vectors are
   */
  lambda(): Tensor {
    const added = computeDot(this.lambdaQ1, this.lambdaK1).exp();
    const taken = computeDot(this.lambdaQ2, this.lambdaK2).exp();
    return added.sub(taken).add(this.lambdaInit);
  }

  /**
   * The difference of both maps: rows sum to 1 − λ, and values may be negative.
   * @param q - `[B, 2H, T, D/2]`, floating
   * @param keys - `[B, 2K, S, D/2]`
   * @param options - only its `mask` is read
   * @returns `[B, H, T, S]`
   */
  weights(q: Tensor, keys: Tensor, options: AttentionKernelOptions): Tensor {
    const { mask } = checkOptions('DifferentialAttention.weights', options, attentionKernelKeys);
    return this.subtractMaps(computeAttentionWeights(q, keys, { mask, cap: this.cap }));
  }

  /**
   * The difference of both maps applied to the values, normalised by head and scaled by 1 − λ₀.
   * @param q - `[B, 2H, T, D/2]`, floating
   * @param keys - `[B, 2K, S, D/2]`
   * @param values - `[B, K, S, D]`
   * @param options - mask, positions and the probability of dropout
   * @returns `[B, H, T, D]`
   */
  forward(q: Tensor, keys: Tensor, values: Tensor, options: AttentionKernelOptions): Tensor {
    checkOptions('DifferentialAttention.forward', options, attentionKernelKeys);
    const mixed =
      this.cap !== undefined || needsWeights(q, options)
        ? this.attendUnfused(q, keys, values, options)
        : this.subtractMaps(attendBothMaps(q, keys, values, options)); // B H T D
    return this.norm.forward(mixed).mul(1 - this.lambdaInit);
  }

  /** The first half of the heads less λ times the second. */
  private subtractMaps(both: Tensor): Tensor {
    const [first, second] = both.chunk(2, 1) as [Tensor, Tensor];
    return first.sub(second.mul(this.lambda()));
  }
}

/** Computes the outputs of both maps, `[B, 2H, T, D]`. */
function attendBothMaps(q: Tensor, keys: Tensor, values: Tensor, options: AttentionKernelOptions): Tensor {
  const { D } = dims(values, 'B K S D');
  const { d } = dims(q, 'B H T d');
  // The operator wants one width: zeros add nothing to a score.
  const widened = (x: Tensor) => aten.constant_pad_nd(x, [0, D - d]);
  return attendFused(widened(q), widened(keys), cat([values, values], 1), { ...options, scale: 1 / Math.sqrt(d) });
}

function computeDot(a: Tensor, b: Tensor): Tensor {
  const wide = a.dtype === 'float64' ? 'float64' : 'float32';
  return a.to(wide).mul(b.to(wide)).sum();
}

/** The `differential` type of attention. */
export const differentialAttention = defineAttention({
  schema: (z) =>
    z.strictObject({
      type: z.literal('differential'),
      eps: z.number().gt(0).default(1e-5).describe("Added to the mean square of a head's output."),
      cap: z.number().gt(0).exactOptional().describe('Scores stay within ± this: cap · tanh(score / cap).'),
    }),
  softmaxMaps: 2,
  create: ({ eps, cap }, { headWidth, layer }) => new DifferentialAttention({ headWidth, layer, eps, cap }),
  // Four vectors of half a head, and the norm.
  countParameters: ({ headWidth }) => 4 * (headWidth / 2) + headWidth,
});
