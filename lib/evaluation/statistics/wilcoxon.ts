import { expectPairs } from './compare-means.js';
import { computeNormalTail } from './distributions.js';
import { assignRanks } from './ranks.js';

/** The outcome of {@link wilcoxonTest}. */
export interface WilcoxonTest {
  /** The smaller sum of ranks, of positive or negative differences. */
  statistic: number;
  /** Pairs that differ. */
  pairs: number;
  /** Two-sided. */
  p: number;
  /** True where every way to give signs was counted; else the normal approximation was taken. */
  exact: boolean;
}

/** Pairs up to which every way to give signs is counted, and the same where there are ties or pairs without a difference. */
const [MOST_EXACT, MOST_EXACT_TIED] = [50, 13];

/**
 * Wilcoxon's signed-rank test on pairs: are differences as often and as far above 0 as below? Pairs without a
 * difference are left out. Every way to give signs is counted up to 50 pairs, or 13 where there are ties or pairs
 * without a difference; beyond, the normal approximation is taken.
 * @throws ArgumentError unless both lists are as long, with at least 2 values
 * @see Wilcoxon 1945, "Individual comparisons by ranking methods"
 */
export function wilcoxonTest(a: readonly number[], b: readonly number[]): WilcoxonTest {
  expectPairs('wilcoxonTest', a, b);
  const differences = a.map((value, i) => value - b[i]!).filter((difference) => difference !== 0);
  const pairs = differences.length;
  if (pairs === 0) return { statistic: 0, pairs, p: 1, exact: true };
  const ranks = assignRanks(differences.map(Math.abs));
  const above = ranks.reduce((sum, rank, i) => sum + (differences[i]! > 0 ? rank : 0), 0);
  const statistic = Math.min(above, (pairs * (pairs + 1)) / 2 - above);
  const plain = pairs === a.length && new Set(ranks).size === pairs;
  const exact = a.length <= (plain ? MOST_EXACT : MOST_EXACT_TIED);
  return { statistic, pairs, p: exact ? computeExactTail(statistic, ranks) : approximateTail(statistic, ranks), exact };
}

/** The share of all 2ⁿ signs whose smaller rank sum is at most this. */
function computeExactTail(statistic: number, ranks: readonly number[]): number {
  // Shared ranks are halves at least: twice as much is whole.
  const most = ranks.length * (ranks.length + 1);
  // ways[s]: the share of signs whose positive ranks sum to s / 2.
  const ways = new Float64Array(most + 1);
  ways[0] = 1;
  for (const rank of ranks) {
    for (let sum = most; sum >= 0; sum--) ways[sum] = (ways[sum]! + (ways[sum - 2 * rank] ?? 0)) / 2;
  }
  const tail = ways.subarray(0, 2 * statistic + 1).reduce((x, y) => x + y, 0);
  return Math.min(1, 2 * tail);
}

function approximateTail(statistic: number, ranks: readonly number[]): number {
  const n = ranks.length;
  const mean = (n * (n + 1)) / 4;
  const ties = new Map<number, number>();
  for (const rank of ranks) ties.set(rank, (ties.get(rank) ?? 0) + 1);
  const correction = [...ties.values()].reduce((sum, count) => sum + (count ** 3 - count), 0) / 48;
  const spread = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24 - correction);
  return computeNormalTail((statistic - mean) / spread);
}
