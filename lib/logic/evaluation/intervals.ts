import { Random, expectCount, raise } from '../../core/index.js';

/** An estimate and where the true value lies with a confidence of 95 %. */
export interface ScoreInterval {
  estimate: number;
  low: number;
  high: number;
}

/** Standard deviations to both sides of the mean that hold 95 % of a normal distribution. */
const Z = 1.959963984540054;

/** Samples of a bootstrap. */
export const RESAMPLES = 10_000;

/**
 * The 95 % interval of a share by Wilson's score, which stays within 0 and 1 and holds for few trials too.
 *
 * @param successes - a count, at most `trials`
 * @param trials - a count; without any the interval is all of 0 to 1
 * @returns the share, NaN without trials, and the interval
 * @throws ArgumentError for other numbers
 * @see Wilson 1927, Probable inference, the law of succession, and statistical inference
 * @example computeWilsonInterval(8, 10) // 0.8, from 0.490 to 0.943
 */
export function computeWilsonInterval(successes: number, trials: number): ScoreInterval {
  expectCount('computeWilsonInterval', 'trials', trials);
  expectCount('computeWilsonInterval', 'successes', successes);
  if (successes > trials) refuseSuccesses(successes, trials);
  if (trials === 0) return { estimate: NaN, low: 0, high: 1 };
  const share = successes / trials;
  const spread = 1 + Z ** 2 / trials;
  const centre = (share + Z ** 2 / (2 * trials)) / spread;
  const half = (Z / spread) * Math.sqrt((share * (1 - share)) / trials + Z ** 2 / (4 * trials ** 2));
  const low = successes === 0 ? 0 : centre - half;
  return { estimate: share, low, high: successes === trials ? 1 : centre + half };
}

function refuseSuccesses(successes: number, trials: number): never {
  raise('PAL_ARGUMENT', {
    where: 'computeWilsonInterval',
    expected: `successes to be at most ${trials}, the trials`,
    received: String(successes),
  });
}

/**
 * The 95 % percentile interval of a mean, by samples drawn with replacement.
 *
 * @param values - at least one; of a paired comparison the differences
 * @param seed - the same one draws the same samples
 * @param resamples - samples drawn
 * @returns the mean and its interval
 * @see Efron 1979, Bootstrap methods: another look at the jackknife
 */
export function estimateMean(values: readonly number[], seed: number, resamples: number): ScoreInterval {
  const { length } = values;
  const estimate = values.reduce((sum, value) => sum + value, 0) / length;
  if (values.every((value) => value === values[0])) return { estimate, low: estimate, high: estimate };
  const random = new Random(seed);
  const draws = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    // Off from even by less than n / 2³², which no interval shows.
    for (let i = 0; i < length; i++) sum += values[Math.floor((random.uint32() / 2 ** 32) * length)]!;
    return sum / length;
  }).sort();
  return { estimate, low: readQuantile(draws, 0.025), high: readQuantile(draws, 0.975) };
}

/** The quantile of sorted values, between two of them by a straight line. */
function readQuantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return below + (place % 1) * (above - below);
}
