import { cat, logSoftmax } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { combinePhi } from '../prefix-metrics/phi.js';

/** Components of phi at the ends of the same chunks, `[B, J, 4]`. */
export interface PhiComparison {
  /** Of the token vectors and the attention of the first block. */
  before: Tensor;
  /** Of the states that the memory reads and the attention of all blocks up to it. */
  after: Tensor;
  /** True for the chunks that count, `[B, J]`. */
  counted: Tensor;
}

/** By how much phi falls short at the ends of chunks, and which of them count, `[B, J]` each. */
export interface PhiShortfall {
  shortfall: Tensor;
  counted: Tensor;
}

/**
 * How much less integrated states are than token vectors: relu(φ_before + margin − φ_after). The weights are the same on
 * both sides and get no gradient, so that no choice of weights lowers it.
 * @param comparison - components at the ends of chunks
 * @param logits - of the weights of phi, `[4]`
 * @param margin - by which phi is to rise
 * @returns the shortfall of each chunk
 */
export function comparePhi({ before, after, counted }: PhiComparison, logits: Tensor, margin: number): PhiShortfall {
  const weights = logits.detach();
  const shortfall = combinePhi(before, weights).add(margin).sub(combinePhi(after, weights)).relu();
  return { shortfall, counted };
}

/**
 * ΔPhi: the mean shortfall of the chunks that count.
 * @param parts - of the pieces of a pass
 * @returns a scalar `[]`; 0 where no chunk counts
 */
export function computeDeltaPhi(parts: readonly PhiShortfall[]): Tensor {
  const join = (of: (part: PhiShortfall) => Tensor): Tensor => cat(parts.map(of), 1);
  const shortfall = join((part) => part.shortfall); // B J
  const shares = join(({ counted }) => counted).to(shortfall.dtype);
  return shortfall
    .mul(shares)
    .sum()
    .div(shares.sum().clamp({ min: 1 }));
}

/**
 * The entropy of the weights of phi, H(w).
 * @param logits - `[4]`
 * @returns a scalar `[]` in nats, ln 4 at most
 */
export function computeWeightEntropy(logits: Tensor): Tensor {
  return logits.softmax(-1).mul(logSoftmax(logits, -1)).sum().neg();
}
