import { Embedding } from '../../nn/index.js';
import { embedding, linear } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { LoraSlots } from './lora-slots.js';

/** A table of vectors with adapters: y = W₀[id] + Σ s·B·A[:, id]; nothing of it is dropped. */
export class LoraEmbedding extends Embedding {
  constructor(
    readonly base: Embedding,
    readonly lora: LoraSlots,
  ) {
    const { weight } = base;
    const { requiresGrad } = weight;
    // The table is the other's own, which the constructor makes trainable.
    super(base.numEmbeddings, base.embeddingDim, { initialize: () => weight });
    weight.requiresGrad = requiresGrad;
  }

  /**
   * Looks up the vector of each id.
   * @param ids - `[…]`, int64, from 0 to `numEmbeddings` − 1
   * @returns `[…, embeddingDim]` in the dtype of the weight
   */
  override forward(ids: Tensor): Tensor {
    const y = this.base.forward(ids);
    return this.lora.listActing().reduce((sum, { A, B, scaling }) => {
      const update = linear(embedding(ids, A.transpose(0, 1)), B);
      return sum.add(update.to(sum.dtype), { alpha: scaling });
    }, y);
  }
}
