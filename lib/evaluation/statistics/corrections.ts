import { expectProbability } from '../../core/index.js';

/**
 * P-values for several tests at once, each times their number, at most 1.
 * @throws ArgumentError for a value outside [0, 1]
 * @see Dunn 1961, "Multiple comparisons among means"
 */
export function bonferroni(values: readonly number[]): number[] {
  return expectProbabilities('bonferroni', values).map((p) => Math.min(1, p * values.length));
}

/**
 * P-values for several tests at once, the smallest times n, the next times n − 1, …, never falling, at most 1.
 * @throws ArgumentError for a value outside [0, 1]
 * @see Holm 1979, "A simple sequentially rejective multiple test procedure"
 */
export function holm(values: readonly number[]): number[] {
  const order = expectProbabilities('holm', values)
    .map((p, index) => ({ p, index }))
    .sort((a, b) => a.p - b.p);
  const corrected = values.slice();
  let highest = 0;
  for (const [rank, { p, index }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, p * (values.length - rank)));
    corrected[index] = highest;
  }
  return corrected;
}

function expectProbabilities(where: string, values: readonly number[]): readonly number[] {
  for (const p of values) expectProbability(where, 'a p-value', p);
  return values;
}
