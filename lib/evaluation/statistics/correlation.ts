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
  return computeProductMoment(assignRanks(a), assignRanks(b));
}

/**
 * The linear correlation of pairs, r: 1 where they lie on a rising line, −1 on a falling one; NaN where either doesn't vary.
 * @param a - at least 2 finite values
 * @param b - as many
 * @returns a number in [−1, 1]
 * @throws ArgumentError unless both lists are as long, with at least 2 finite values
 * @see Pearson 1895, "Notes on regression and inheritance in the case of two parents"
 */
export function computeCorrelation(a: readonly number[], b: readonly number[]): number {
  expectPairs('computeCorrelation', a, b);
  return computeProductMoment(a, b);
}

function computeProductMoment(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [shiftToMean(a), shiftToMean(b)];
  const sum = (u: readonly number[], v: readonly number[]): number =>
    sumCompensated(u.map((value, i) => value * v[i]!));
  return sum(x, y) / Math.sqrt(sum(x, x) * sum(y, y));
}

function shiftToMean(values: readonly number[]): number[] {
  const middle = mean(values);
  return values.map((value) => value - middle);
}
