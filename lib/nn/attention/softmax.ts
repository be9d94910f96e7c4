import type { Tensor } from '../../tensor/index.js';
import { Mixing, fusedAttention, mustHoldWeights } from './mixing.js';
import type { MixingOptions } from './mixing.js';
import { attentionWeights } from './weights.js';

/**
 * softmax(QKᵀ/√D + mask) · V.
 * @see Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, equation 1
 */
export class SoftmaxMixing extends Mixing {
  weights(q: Tensor, keys: Tensor, { mask }: MixingOptions): Tensor {
    return attentionWeights(q, keys, { mask });
  }

  forward(q: Tensor, keys: Tensor, values: Tensor, options: MixingOptions): Tensor {
    if (mustHoldWeights(q, options)) return this.open(q, keys, values, options);
    return fusedAttention(q, keys, values, options);
  }
}
