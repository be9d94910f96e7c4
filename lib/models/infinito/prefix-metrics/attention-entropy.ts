import { dims, where } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { getStatisticsType, pickPositions, sumPrefixes } from './prefix-place.js';
import type { PrefixPlace } from './prefix-place.js';

/** What attention entropy keeps between passes; zeros at the start of a segment. */
export interface EntropyState {
  /** The sum of the normalised entropies so far, `[B]`. */
  readonly entropies: Tensor;
}

/**
 * Entropy of each row of attention weights.
 * @param weights - `[…, S]`, floating, that sum to 1; before dropout
 * @returns `[…]` in nats, float64 for float64, else float32
 */
export function computeRowEntropy(weights: Tensor): Tensor {
  const wide = weights.to(getStatisticsType(weights));
  return wide
    .mul(where(wide.gt(0), wide, 1).log())
    .sum(-1)
    .neg();
}

/**
 * Attention entropy of each prefix, C₄: the mean of H(A_i)/ln i over its tokens from the second on; ½ before the second.
 * @param entropies - `[B, H, T]` in nats, of each row of the weights before dropout; H heads of any layers, averaged
 * @param place - of the tokens in their segment; the i-th sees i keys
 * @param state - after the tokens of the segment read before (default: none were)
 * @returns values in [0, 1], `[B, P]`, float64 for float64, else float32, and the state after the pass
 */
export function computeAttentionEntropy(
  entropies: Tensor,
  place: PrefixPlace,
  state?: EntropyState,
): { values: Tensor; state: EntropyState } {
  const { T } = dims(entropies, 'B H T', {}, 'computeAttentionEntropy');
  const { lengths, mask, at } = place;
  const mean = entropies.to(getStatisticsType(entropies)).mean(1); // B T
  const counts = lengths.to(mean.dtype);
  const pairs = lengths.ge(2);
  const counted = mask === undefined ? pairs : pairs.logicalAnd(mask);
  const shares = where(counted, mean.div(counts.clamp({ min: 2 }).log()), 0);
  const sums = sumPrefixes(shares, state?.entropies).narrow(1, 1, T);
  const values = where(pairs, sums.div(counts.sub(1).clamp({ min: 1 })), 0.5);
  return { values: pickPositions(values, at), state: { entropies: sums.select(1, T - 1) } };
}
