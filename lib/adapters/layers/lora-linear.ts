import { Linear } from '../../nn/index.js';
import type { TokenLossTerms } from '../../nn/index.js';
import { cat, linearCrossEntropy } from '../../tensor/index.js';
import type { SummedLoss, Tensor } from '../../tensor/index.js';
import type { LoraFactors } from './lora-factors.js';
import type { LoraSlots } from './lora-slots.js';

/**
 * A linear map with adapters: y = W₀x + b + Σ s·B·A·dropout(x).
 * @see Hu et al. 2021, https://arxiv.org/abs/2106.09685
 */
export class LoraLinear extends Linear {
  constructor(
    readonly base: Linear,
    readonly lora: LoraSlots,
  ) {
    super(base.inFeatures, base.outFeatures, { bias: false, weight: base.weight });
    this.bias = base.bias;
  }

  /**
   * Maps the last axis.
   * @param x - `[…, in]`, floating, in the dtype of the weight where autocast is off
   * @returns `[…, out]` in that dtype, or the one of autocast
   * @throws ShapeError when the last axis is another size than `inFeatures`
   */
  override forward(x: Tensor): Tensor {
    const y = this.base.forward(x);
    return this.lora.listActing().reduce((sum, factors) => this.addUpdate(sum, x, factors), y);
  }

  /**
   * The cross-entropy of {@link LoraLinear.forward} taken as logits, which are never held as a whole.
   * @param x - `[…, in]`
   * @param targets - `[…]`, int64, below `out`
   * @param terms - of the loss at each position
   * @returns the sum over positions whose target counts, and their number; both 0-dim
   */
  override lossWith(x: Tensor, targets: Tensor, terms: TokenLossTerms = {}): SummedLoss {
    const acting = this.lora.listActing();
    if (acting.length === 0) return this.base.lossWith(x, targets, terms);
    // W₀x + B·z is [W₀ B]·[x z].
    const inputs = acting.map((factors) =>
      factors.reduceInput(factors.drop(x, this.lora.dropping)).mul(factors.scaling),
    );
    const weights = [this.weight.narrow(0, 0, this.outFeatures), ...acting.map(({ B }) => B.to(this.weight.dtype))];
    const bias = this.bias?.narrow(0, 0, this.outFeatures);
    const features = cat([x, ...inputs.map((input) => input.to(x.dtype))], -1);
    return linearCrossEntropy(features, cat(weights, 1), targets, { ...terms, bias });
  }

  private addUpdate(y: Tensor, x: Tensor, factors: LoraFactors): Tensor {
    const update = factors.project(factors.drop(x, this.lora.dropping));
    return y.add(update.to(y.dtype), { alpha: factors.scaling });
  }
}
