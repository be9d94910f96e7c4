import { dims, ones } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { computeRowEntropy } from './attention-entropy.js';
import { getStatisticsType } from './prefix-place.js';

/**
 * Coherence of the heads at each position: 1 − the mean Jensen-Shannon divergence of the pairs of heads / ln 2.
 * @param weights - `[B, H, T, S]`, floating, rows that sum to 1; before dropout
 * @returns `[B, T]` in [0, 1], float64 for float64, else float32; 1 for a single head
 * @see Lin 1991, https://doi.org/10.1109/18.61115
 */
export function computeHeadCoherence(weights: Tensor): Tensor {
  const { B, H, T } = dims(weights, 'B H T S', {}, 'computeHeadCoherence');
  const wide = weights.to(getStatisticsType(weights));
  const whole = ones([B, T], { dtype: wide.dtype, device: wide.device });
  if (H === 1) return whole;
  const own = computeRowEntropy(wide); // B H T
  const shifts = Array.from({ length: H - 1 }, (_, head) => sumDivergences(wide, own, head));
  const sum = shifts.reduce((total, part) => total.add(part));
  return whole.sub(sum.div(((H * (H - 1)) / 2) * Math.LN2));
}

/** The sum of the divergences of one head and those after it, `[B, T]`. */
function sumDivergences(weights: Tensor, own: Tensor, head: number): Tensor {
  const later = weights.size(1) - head - 1;
  const mixed = weights
    .narrow(1, head, 1)
    .add(weights.narrow(1, head + 1, later))
    .div(2); // B L T S
  const apart = own
    .narrow(1, head, 1)
    .add(own.narrow(1, head + 1, later))
    .div(2); // B L T
  return computeRowEntropy(mixed).sub(apart).sum(1);
}
