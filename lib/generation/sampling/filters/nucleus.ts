import { cat, dims, zeros } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';

/**
 * The logits of the first tokens in an order, as many as it takes to reach a cumulative mass of probability; −Infinity
 * for the others. Of equals the one with the lower id comes first.
 *
 * @param logits - `[B, V]`, float64
 * @param score - `[B, V]`; the highest comes first
 * @param mass - in (0, 1]
 * @returns `[B, V]`, float64
 */
export function keepNucleus(logits: Tensor, score: Tensor, mass: number): Tensor {
  const { B, V } = dims(logits, 'B V');
  const { indices } = score.sort(-1, { descending: true, stable: true });
  const reached = logits.softmax(-1).gather(1, indices).cumsum(1); // B V
  const before = cat([zeros([B, 1], { dtype: 'float64', device: logits.device }), reached.narrow(1, 0, V - 1)], 1);
  const kept = before.lt(reached.narrow(1, -1, 1).mul(mass));
  return logits.maskedFill(kept.logicalNot().scatter(1, indices, kept.logicalNot()), -Infinity);
}

/**
 * {@link keepNucleus} of one row, in place.
 * @param logits - `[V]`, changed
 * @param score - `[V]`; the highest comes first
 * @param mass - in (0, 1]
 */
export function keepNucleusOfRow(logits: Float64Array, score: Float64Array, mass: number): void {
  const order = rankTokens(score);
  const weights = computeProbabilities(logits);
  const target = mass * order.reduce((sum, id) => sum + weights[id]!, 0);
  let reached = 0;
  for (const id of order) {
    if (reached >= target) logits[id] = -Infinity;
    reached += weights[id]!;
  }
}

/**
 * The ids by score, the highest first, equals by id.
 * @param score - `[V]`
 * @returns `[V]`, each id from 0 to V − 1 once
 */
export function rankTokens(score: Float64Array): Uint32Array {
  return Uint32Array.from(score.keys()).sort((a, b) => score[b]! - score[a]! || a - b);
}

/**
 * The softmax of a row.
 * @param logits - `[V]`, at least one above −Infinity
 * @returns `[V]`, probabilities that sum to 1
 */
export function computeProbabilities(logits: Float64Array): Float64Array {
  const highest = logits.reduce((a, b) => Math.max(a, b));
  const weights = logits.map((logit) => Math.exp(logit - highest));
  const total = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / total);
}
