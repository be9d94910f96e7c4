import { Embedding } from '../../nn/index.js';
import { embedding, linear } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { LoraFactors } from './lora-factors.js';
import type { LoraSlots } from './lora-slots.js';

/** A table of vectors with adapters: y = W₀[id] + Σ s·B·A[:, id]; nothing of it is dropped. */
export class LoraEmbedding extends Embedding {
  constructor(
    readonly base: Embedding,
    readonly lora: LoraSlots,
  ) {
    super(base.numEmbeddings, base.embeddingDim, { weight: base.weight });
    this.scale = base.scale;
  }

  /**
   * Looks up the vector of each id.
   * @param ids - `[…]`, int64, from 0 to `numEmbeddings` − 1
   * @returns `[…, embeddingDim]` in the dtype of the weight
   */
  override forward(ids: Tensor): Tensor {
    const y = this.base.forward(ids);
    const acting = this.lora.listActing();
    const { rows } = this.lora;
    if (rows === undefined) return acting.reduce((sum, factors) => addUpdate(sum, ids, factors), y);
    return rows.map(ids, (name, take) => {
      const factors = name === undefined ? undefined : this.lora.get(name);
      return factors === undefined ? take(y) : addUpdate(take(y), take(ids), factors);
    });
  }
}

function addUpdate(sum: Tensor, ids: Tensor, { A, B, scaling }: LoraFactors): Tensor {
  const update = linear(embedding(ids, A.transpose(0, 1)), B);
  return sum.add(update.to(sum.dtype), { alpha: scaling });
}
