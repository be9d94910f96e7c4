import { raise } from '../../core/index.js';
import { Linear } from '../../nn/index.js';
import type { TokenLossTerms } from '../../nn/index.js';
import { cat, linear, linearCrossEntropy } from '../../tensor/index.js';
import type { SummedLoss, Tensor } from '../../tensor/index.js';
import { computeRowFactors } from './dora.js';
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
    this.scale = base.scale;
  }

  /**
   * Maps the last axis.
   * @param x - `[…, in]`, floating, in the dtype of the weight where autocast is off
   * @returns `[…, out]` in that dtype, or the one of autocast
   * @throws ShapeError when the last axis is another size than `inFeatures`
   */
  override forward(x: Tensor): Tensor {
    const y = this.base.forward(x);
    const acting = this.lora.listActing();
    const { rows } = this.lora;
    if (rows === undefined) return acting.reduce((sum, factors) => this.addUpdate(sum, { x, y }, factors), y);
    return rows.map(x, (name, take) => {
      const factors = name === undefined ? undefined : this.lora.get(name);
      const own = take(y);
      return factors === undefined ? own : this.addUpdate(own, { x: take(x), y: own }, factors);
    });
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
    if (this.lora.rows !== undefined) throwRowLoss();
    if (acting.length === 0) return this.base.lossWith(x, targets, terms);
    const products = acting.flatMap((factors) => this.listTerms(x, factors));
    // W₀x + B·z is [W₀ B]·[x z].
    const features = cat([x, ...products.map(({ input }) => input.to(x.dtype))], -1);
    const own = this.readWeight();
    const weights = cat([own, ...products.map(({ weight }) => weight.to(own.dtype))], 1);
    return linearCrossEntropy(features, weights, targets, { ...terms, bias: this.ownBias });
  }

  private get ownBias(): Tensor | undefined {
    return this.bias?.narrow(0, 0, this.outFeatures);
  }

  /** Adds an adapter's update to what others have given, `sum`, where the base gives `y` for `x`. */
  private addUpdate(sum: Tensor, { x, y }: { x: Tensor; y: Tensor }, factors: LoraFactors): Tensor {
    const dropped = factors.drop(x, this.lora.dropping);
    const update = factors.project(dropped).to(y.dtype);
    if (factors.magnitude === undefined) return sum.add(update);
    const weight = this.readWeight();
    const rows = computeRowFactors(weight, factors).to(y.dtype);
    const plain = dropped === x ? this.subtractBias(y) : linear(dropped, weight);
    return sum.add(plain.mul(rows.sub(1))).add(update.mul(rows));
  }

  private subtractBias(y: Tensor): Tensor {
    return this.ownBias === undefined ? y : y.sub(this.ownBias);
  }

  /** An adapter's update as products: inputs `[…, k]` and weights `[out, k]`. */
  private listTerms(x: Tensor, factors: LoraFactors): { input: Tensor; weight: Tensor }[] {
    const dropped = factors.drop(x, this.lora.dropping);
    const reduced = factors.reduceInput(dropped).mul(factors.scaling);
    if (factors.magnitude === undefined) return [{ input: reduced, weight: factors.B }];
    const own = this.readWeight();
    const rows = computeRowFactors(own, factors).unsqueeze(1);
    return [
      { input: dropped, weight: own.mul(rows.sub(1)) },
      { input: reduced, weight: factors.B.mul(rows) },
    ];
  }
}

function throwRowLoss(): never {
  raise('PAL_UNSUPPORTED', {
    where: 'LoraLinear.lossWith',
    expected: 'one adapter for all rows of a batch',
    received: 'rows with adapters of their own',
    fix: 'Take the loss of the logits, or of each adapter in turn.',
  });
}
