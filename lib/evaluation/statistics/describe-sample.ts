import { raise } from '../../core/index.js';
import { mean, quantile, standardDeviation } from './describe.js';
import { findStudentCritical } from './distributions.js';

/** The share of intervals that hold the true mean, and the interval of each. */
export type MeanIntervals = Record<90 | 95 | 99, [low: number, high: number]>;

/** The outcome of a test of whether values may be drawn from a normal distribution. */
export interface NormalityTest {
  statistic: number;
  /** How likely so large a statistic is where they are; NaN where nothing varies. */
  p: number;
}

/** A sample in numbers. */
export interface SampleDescription {
  count: number;
  mean: number;
  standardDeviation: number;
  minimum: number;
  lowerQuartile: number;
  median: number;
  upperQuartile: number;
  maximum: number;
  /** g₁: above 0 with a long tail to the right; NaN where nothing varies. */
  skewness: number;
  /** g₂, 0 for a normal distribution. */
  excessKurtosis: number;
  /** Jarque and Bera's test, of skewness and kurtosis; its p holds for large samples. */
  normality: NormalityTest;
  /** Values by three rules: beyond 1.5 quartile ranges, |z| > 3, and |x − median| · 0.6745 / MAD > 3.5. */
  outliers: { quartiles: number; standardScores: number; medianDeviations: number };
  /** Of the mean, by Student's distribution. */
  intervals: MeanIntervals;
}

/**
 * Describes a sample: place, spread, shape, normality and outliers.
 * @param values - at least 2 finite ones
 * @returns plain numbers
 * @throws ArgumentError for fewer, or for values that are not finite
 * @see Jarque and Bera 1980, "Efficient tests for normality, homoscedasticity and serial independence"
 * @see Iglewicz and Hoaglin 1993, "How to detect and handle outliers", for the rule of median deviations
 */
export function describeSample(values: readonly number[]): SampleDescription {
  expectSample(values);
  const sorted = Float64Array.from(values).sort();
  const [centre, spread] = [mean(values), standardDeviation(values)];
  const quartiles = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share)) as [number, number, number];
  const shape = measureShape(values, centre);
  return {
    ...{ count: values.length, mean: centre, standardDeviation: spread },
    ...{ minimum: sorted[0]!, maximum: sorted.at(-1)! },
    ...{ lowerQuartile: quartiles[0], median: quartiles[1], upperQuartile: quartiles[2] },
    ...shape,
    normality: checkNormality(values.length, shape),
    outliers: countOutliers(values, { centre, spread, quartiles }),
    intervals: findIntervals(centre, spread / Math.sqrt(values.length), values.length - 1),
  };
}

type Shape = Pick<SampleDescription, 'skewness' | 'excessKurtosis'>;

function measureShape(values: readonly number[], centre: number): Shape {
  const moment = (power: number): number => mean(values.map((value) => (value - centre) ** power));
  const second = moment(2);
  if (second === 0) return { skewness: NaN, excessKurtosis: NaN };
  return { skewness: moment(3) / second ** 1.5, excessKurtosis: moment(4) / second ** 2 - 3 };
}

/** n/6 (g₁² + g₂²/4), χ² of two degrees of freedom, whose tail is exp(−x/2). */
function checkNormality(count: number, { skewness, excessKurtosis }: Shape): NormalityTest {
  const statistic = (count / 6) * (skewness ** 2 + excessKurtosis ** 2 / 4);
  return { statistic, p: Math.exp(-statistic / 2) };
}

interface Spread {
  centre: number;
  spread: number;
  quartiles: readonly [number, number, number];
}

function countOutliers(
  values: readonly number[],
  { centre, spread, quartiles: [low, middle, high] }: Spread,
): SampleDescription['outliers'] {
  const count = (isOut: (value: number) => boolean): number => values.filter(isOut).length;
  const reach = 1.5 * (high - low);
  const deviations = Float64Array.from(values, (value) => Math.abs(value - middle)).sort();
  const limit = (3.5 * quantile(deviations, 0.5)) / 0.6745;
  return {
    quartiles: count((value) => value < low - reach || value > high + reach),
    standardScores: count((value) => Math.abs(value - centre) > 3 * spread),
    medianDeviations: count((value) => Math.abs(value - middle) > limit),
  };
}

function findIntervals(centre: number, error: number, freedom: number): MeanIntervals {
  const find = (share: number): [number, number] => {
    const margin = findStudentCritical(1 - share / 100, freedom) * error;
    return [centre - margin, centre + margin];
  };
  return { 90: find(90), 95: find(95), 99: find(99) };
}

function expectSample(values: readonly number[]): void {
  const odd = values.find((value) => !Number.isFinite(value));
  if (values.length >= 2 && odd === undefined) return;
  const received = odd === undefined ? String(values.length) : `${odd} among them`;
  raise('PAL_ARGUMENT', { where: 'describeSample', expected: 'at least 2 finite values', received });
}
