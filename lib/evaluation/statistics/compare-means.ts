import { raise } from '../../core/index.js';
import { mean, standardDeviation, variance } from './describe.js';
import { findStudentCritical, computeStudentTail } from './distributions.js';

/** The outcome of a t test of whether two means differ. */
export interface TTest {
  /** First mean minus second. */
  difference: number;
  /** The 95 % confidence interval of the true difference. */
  interval: [low: number, high: number];
  t: number;
  /** Degrees of freedom. */
  freedom: number;
  /** Two-sided: how likely so large a difference is where there is none. */
  p: number;
}

/** The share of intervals that hold the true difference. */
const CONFIDENCE = 0.95;

/**
 * Student's test on pairs, such as two models on the same documents. Pairs that are all equal have t = 0 and p = 1.
 * @throws ArgumentError unless both lists are as long, with at least 2 values
 * @see Student 1908, "The probable error of a mean"
 */
export function pairedTTest(a: readonly number[], b: readonly number[]): TTest {
  expectPairs('pairedTTest', a, b);
  const differences = a.map((value, i) => value - b[i]!);
  const error = standardDeviation(differences) / Math.sqrt(differences.length);
  return createTTest(mean(differences), error, differences.length - 1);
}

/**
 * Welch's test on two independent groups, whose variances may differ.
 * @throws ArgumentError unless both groups have at least 2 values
 * @see Welch 1947, "The generalization of Student's problem when several different population variances are involved"
 */
export function welchTTest(a: readonly number[], b: readonly number[]): TTest {
  expectValues('welchTTest', a, b);
  const [va, vb] = [variance(a) / a.length, variance(b) / b.length];
  const freedom = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  return createTTest(mean(a) - mean(b), Math.sqrt(va + vb), freedom);
}

function createTTest(difference: number, error: number, freedom: number): TTest {
  if (error === 0) {
    // Nothing varies: the difference is certain, or there is none.
    const t = difference === 0 ? 0 : Math.sign(difference) * Infinity;
    return { difference, interval: [difference, difference], t, freedom, p: difference === 0 ? 1 : 0 };
  }
  const t = difference / error;
  const margin = findStudentCritical(1 - CONFIDENCE, freedom) * error;
  return {
    difference,
    interval: [difference - margin, difference + margin],
    t,
    freedom,
    p: computeStudentTail(t, freedom),
  };
}

/** The size of a difference beside the spread: below 0.2 negligible, 0.5 small, 0.8 medium, else large. */
export interface EffectSize {
  d: number;
  size: 'negligible' | 'small' | 'medium' | 'large';
}

/**
 * Cohen's d of two independent groups: the difference of means over the pooled standard deviation.
 * @throws ArgumentError unless both groups have at least 2 values
 * @see Cohen 1988, "Statistical power analysis for the behavioral sciences", section 2.2
 */
export function cohenD(a: readonly number[], b: readonly number[]): EffectSize {
  expectValues('cohenD', a, b);
  const pooled = ((a.length - 1) * variance(a) + (b.length - 1) * variance(b)) / (a.length + b.length - 2);
  return classifyEffect(mean(a) - mean(b), Math.sqrt(pooled));
}

/**
 * Cohen's d of pairs, d_z: the mean difference over the standard deviation of the differences.
 * @throws ArgumentError unless both lists are as long, with at least 2 values
 */
export function cohenDPaired(a: readonly number[], b: readonly number[]): EffectSize {
  expectPairs('cohenDPaired', a, b);
  const differences = a.map((value, i) => value - b[i]!);
  return classifyEffect(mean(differences), standardDeviation(differences));
}

function classifyEffect(difference: number, spread: number): EffectSize {
  const d = difference === 0 ? 0 : difference / spread;
  const bands = [
    [0.2, 'negligible'],
    [0.5, 'small'],
    [0.8, 'medium'],
  ] as const;
  return { d, size: bands.find(([limit]) => Math.abs(d) < limit)?.[1] ?? 'large' };
}

/** Requires pairs. @throws ArgumentError otherwise */
export function expectPairs(where: string, a: readonly number[], b: readonly number[]): void {
  expectValues(where, a, b);
  if (a.length === b.length) return;
  const received = `${a.length} and ${b.length}`;
  raise('PAL_ARGUMENT', { where, expected: 'as many values on both sides', received });
}

function expectValues(where: string, ...groups: (readonly number[])[]): void {
  for (const group of groups) {
    const odd = group.find((value) => !Number.isFinite(value));
    if (group.length >= 2 && odd === undefined) continue;
    const received = odd === undefined ? `${group.length}` : `${odd} among them`;
    raise('PAL_ARGUMENT', { where, expected: 'at least 2 finite values in each group', received });
  }
}
