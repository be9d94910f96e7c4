import { checkOptions } from '../../core/index.js';
import type { Tensor } from '../../tensor/index.js';
import { AttentionKernel, attentionKernelKeys, defineAttention } from './attention-kernel.js';
import type { AttentionKernelOptions } from './attention-kernel.js';
import { computeAttentionWeights } from './weights.js';

/**
 * softmax(cap · tanh(QKᵀ/(√D · cap)) + mask) · V; the weights of all pairs are held.
 * @see Gemma Team 2024, https://arxiv.org/abs/2408.00118, section 2
 */
export class LogitSoftCapAttention extends AttentionKernel {
  /** @param cap - scores stay within ± this */
  constructor(readonly cap: number) {
    super();
  }

  override extraRepr(): string {
    return `± ${this.cap}`;
  }

  weights(q: Tensor, keys: Tensor, options: AttentionKernelOptions): Tensor {
    const { mask } = checkOptions('LogitSoftCapAttention.weights', options, attentionKernelKeys);
    return computeAttentionWeights(q, keys, { mask, cap: this.cap });
  }

  forward(q: Tensor, keys: Tensor, values: Tensor, options: AttentionKernelOptions): Tensor {
    checkOptions('LogitSoftCapAttention.forward', options, attentionKernelKeys);
    return this.attendUnfused(q, keys, values, options);
  }
}

/** The `logitSoftCap` type of attention. */
export const logitSoftCapAttention = defineAttention({
  schema: (z) =>
    z.strictObject({
      type: z.literal('logitSoftCap'),
      cap: z.number().gt(0).default(50).describe('Scores stay within ± this: cap · tanh(score / cap).'),
    }),
  softmaxMaps: 1,
  create: ({ cap }) => new LogitSoftCapAttention(cap),
});
