import { checkOptions } from '../../core/index.js';
import type { Tensor } from '../../tensor/index.js';
import {
  AttentionKernel,
  attendFused,
  attentionKernelKeys,
  defineAttention,
  needsWeights,
} from './attention-kernel.js';
import type { AttentionKernelOptions } from './attention-kernel.js';
import { computeAttentionWeights } from './weights.js';

/**
 * softmax(QKᵀ/√D + mask) · V.
 * @see Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, equation 1
 */
export class SoftmaxAttention extends AttentionKernel {
  weights(q: Tensor, keys: Tensor, options: AttentionKernelOptions): Tensor {
    const { mask } = checkOptions('SoftmaxAttention.weights', options, attentionKernelKeys);
    return computeAttentionWeights(q, keys, { mask });
  }

  forward(q: Tensor, keys: Tensor, values: Tensor, options: AttentionKernelOptions): Tensor {
    checkOptions('SoftmaxAttention.forward', options, attentionKernelKeys);
    if (needsWeights(q, options)) return this.attendUnfused(q, keys, values, options);
    return attendFused(q, keys, values, options);
  }
}

/** The `softmax` type of attention. */
export const softmaxAttention = defineAttention({
  schema: (z) => z.strictObject({ type: z.literal('softmax') }),
  softmaxMaps: 1,
  create: () => new SoftmaxAttention(),
});
