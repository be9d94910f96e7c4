/** Attention by sigmoids, as one adds a way to attend: a file beside the others of lib/nn/attention. */
import { AttentionKernel, defineAttention } from '../../lib/nn/attention/attention-kernel.js';
import type { AttentionKernelOptions } from '../../lib/nn/attention/attention-kernel.js';
import { causalMask } from '../../lib/nn/attention/weights.js';
import { matmul } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';

/** σ(QKᵀ/√D + b)·V: keys don't compete. @see Ramapuram et al. 2024, https://arxiv.org/abs/2409.04431 */
export class SigmoidAttention extends AttentionKernel {
  constructor(readonly bias: number) {
    super();
  }

  weights(q: Tensor, keys: Tensor, { mask }: AttentionKernelOptions): Tensor {
    const all = keys.repeatInterleave(q.size(1) / keys.size(1), 1); // B H S D
    const scores = matmul(q, all.transpose(-2, -1)).div(Math.sqrt(q.size(3))); // B H T S
    const seen = mask ?? causalMask(q.size(2), keys.size(2), q.device);
    return scores.add(this.bias).sigmoid().mul(seen.to(q.dtype));
  }

  forward(q: Tensor, keys: Tensor, values: Tensor, options: AttentionKernelOptions): Tensor {
    return this.attendUnfused(q, keys, values, options);
  }
}

/** The `sigmoid` type of attention. */
export const sigmoidAttention = defineAttention({
  schema: (z) => z.strictObject({ type: z.literal('sigmoid'), bias: z.number().default(-2) }),
  softmaxMaps: 1,
  create: ({ bias }) => new SigmoidAttention(bias),
});
