import { computeNormalTail, findStudentCritical, logGamma } from './distributions.js';

/** Effects that were found before: the search takes some hundredths of a second. */
const found = new Map<string, number>();

/** Intervals of the sum that stands for the integral; even. */
const INTERVALS = 400;

/**
 * The probability that a paired t test finds a difference.
 * @param effect - the true mean difference over the standard deviation of the differences, d_z
 * @param pairs - at least 2
 * @param alpha - the two-sided level, 0 to 1
 * @returns a probability
 * @see Cohen 1988, "Statistical power analysis for the behavioral sciences", section 2.2
 */
export function computePairedPower(effect: number, pairs: number, alpha: number): number {
  const freedom = pairs - 1;
  const critical = findStudentCritical(alpha, freedom);
  const shift = effect * Math.sqrt(pairs);
  // T = (Z + shift) / S, S² being χ² over its degrees of freedom: the mean of P(|Z + shift| > critical · S) over S.
  const density = createSpreadDensity(freedom);
  const end = 1 + 10 / Math.sqrt(2 * freedom);
  return sumIntegral((s) => density(s) * (accumulate(shift - critical * s) + accumulate(-shift - critical * s)), end);
}

/**
 * The least difference that a paired t test finds as often as wanted.
 * @param pairs - at least 2
 * @param options - of the test
 * @param options.alpha - the two-sided level
 * @param options.power - how often it is to be found, above alpha and below 1
 * @returns the difference in standard deviations of the differences
 */
export function findDetectableEffect(pairs: number, { alpha, power }: { alpha: number; power: number }): number {
  const key = `${pairs} ${alpha} ${power}`;
  const known = found.get(key) ?? searchEffect(pairs, alpha, power);
  found.set(key, known);
  return known;
}

function searchEffect(pairs: number, alpha: number, power: number): number {
  let [low, high] = [0, 1];
  while (computePairedPower(high, pairs, alpha) < power) high *= 2;
  while (high - low > 1e-5 * high) {
    const middle = (low + high) / 2;
    if (computePairedPower(middle, pairs, alpha) < power) low = middle;
    else high = middle;
  }
  return high;
}

/** The density of the root of χ² over its degrees of freedom. */
function createSpreadDensity(freedom: number): (s: number) => number {
  const factor = (freedom / 2) * Math.log(freedom) - (freedom / 2 - 1) * Math.LN2 - logGamma(freedom / 2);
  return (s) => (s <= 0 ? 0 : Math.exp(factor + (freedom - 1) * Math.log(s) - (freedom * s * s) / 2));
}

/** The probability that a standard normal value lies below z. */
function accumulate(z: number): number {
  const tail = computeNormalTail(z) / 2;
  return z > 0 ? 1 - tail : tail;
}

/** From 0 to an end, by Simpson's rule over u where x = end · u³, so that places lie closer near 0. */
function sumIntegral(fn: (x: number) => number, end: number): number {
  const value = (u: number): number => fn(end * u ** 3) * 3 * end * u * u;
  let sum = value(1);
  for (let i = 1; i < INTERVALS; i++) sum += value(i / INTERVALS) * (i % 2 === 0 ? 2 : 4);
  return sum / (3 * INTERVALS);
}
