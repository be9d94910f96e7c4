import { expectPairs } from './compare-means.js';
import { mean, sumCompensated } from './describe.js';
import { assignRanks } from './ranks.js';

/**
 * The correlation of the ranks of pairs, ρ: 1 where one always rises with the other, −1 where it falls; NaN where either
 * doesn't vary.
 * @param a - at least 2 finite values
 * @param b - as many
 * @returns a number in [−1, 1]
 * @throws ArgumentError unless both lists are as long, with at least 2 finite values
 * @see Spearman 1904, "The proof and measurement of association between two things"
 */
export function computeRankCorrelation(a: readonly number[], b: readonly number[]): number {
  expectPairs('computeRankCorrelation', a, b);
  const [x, y] = [shiftToMean(assignRanks(a)), shiftToMean(assignRanks(b))];
  const sum = (u: readonly number[], v: readonly number[]): number =>
    sumCompensated(u.map((value, i) => value * v[i]!));
  return sum(x, y) / Math.sqrt(sum(x, x) * sum(y, y));
}

function shiftToMean(values: readonly number[]): number[] {
  const middle = mean(values);
  return values.map((value) => value - middle);
}
