import { dims } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { getStatisticsType } from './prefix-place.js';

/**
 * Phi: the mean of the components, weighted by softmax(logits). It is a heuristic of integration and nothing more.
 * @param components - `[…, 4]`, floating, in the order temporal, integration, participation, attention
 * @param logits - `[4]`, floating
 * @returns `[…]`, float64 for float64 components, else float32
 */
export function combinePhi(components: Tensor, logits: Tensor): Tensor {
  dims(logits, 'N', { N: 4 }, 'combinePhi');
  dims(components, '... N', { N: 4 }, 'combinePhi components');
  const wide = components.to(getStatisticsType(components));
  return wide.mul(logits.to(wide.dtype).softmax(-1)).sum(-1);
}
