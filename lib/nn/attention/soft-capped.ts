import type { Tensor } from '../../tensor/index.js';
import { Mixing } from './mixing.js';
import type { MixingOptions } from './mixing.js';
import { attentionWeights } from './weights.js';

/**
 * softmax(cap · tanh(QKᵀ/(√D · cap)) + mask) · V; the weights of all pairs are held.
 * @see Gemma Team 2024, https://arxiv.org/abs/2408.00118, section 2
 */
export class SoftCappedMixing extends Mixing {
  /** @param cap - scores stay within ± this */
  constructor(readonly cap: number) {
    super();
  }

  override summary(): string {
    return `± ${this.cap}`;
  }

  weights(q: Tensor, keys: Tensor, { mask }: MixingOptions): Tensor {
    return attentionWeights(q, keys, { mask, cap: this.cap });
  }

  forward(q: Tensor, keys: Tensor, values: Tensor, options: MixingOptions): Tensor {
    return this.open(q, keys, values, options);
  }
}
