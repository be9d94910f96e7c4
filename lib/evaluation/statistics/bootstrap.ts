import type { OptionChecks } from '../../core/index.js';
import { Random, checkOptions, expectPositiveInteger, expectRange, raise } from '../../core/index.js';
import { mean, quantile } from './describe.js';

/** Settings of {@link bootstrapInterval}. */
export interface BootstrapOptions {
  /** The share of intervals that hold the true value (default 0.95). */
  confidence?: number;
  /** Samples drawn (default 10,000). */
  resamples?: number;
  /** The same seed draws the same samples (default 0). */
  seed?: number;
  /** The statistic that is estimated (default: the mean). */
  statistic?: (values: Float64Array) => number;
}

/** The keys of {@link BootstrapOptions}. */
export const bootstrapKeys: OptionChecks<BootstrapOptions> = {
  confidence: true,
  resamples: true,
  seed: true,
  statistic: true,
};

/** An estimate and where the true value lies. */
export interface Interval {
  estimate: number;
  low: number;
  high: number;
}

/**
 * The percentile interval: the statistic of samples drawn from the values with replacement, without its tails.
 * @throws ArgumentError without values or for settings out of range
 * @see Efron 1979, "Bootstrap methods: another look at the jackknife"
 */
export function bootstrapInterval(values: readonly number[], options: BootstrapOptions = {}): Interval {
  checkOptions('bootstrapInterval', options, bootstrapKeys);
  const { statistic = mean } = options;
  const confidence = expectRange('bootstrapInterval', 'confidence', options.confidence ?? 0.95, { above: 0, below: 1 });
  const resamples = expectPositiveInteger('bootstrapInterval', 'resamples', options.resamples ?? 10_000);
  if (values.length === 0) {
    raise('PAL_ARGUMENT', { where: 'bootstrapInterval', expected: 'at least one value', received: 'none' });
  }
  const random = new Random(options.seed ?? 0);
  const sample = new Float64Array(values.length);
  const draws = Float64Array.from({ length: resamples }, () => {
    // Off from even by less than n / 2³², which no interval shows.
    for (let i = 0; i < sample.length; i++)
      sample[i] = values[Math.floor((random.uint32() / 2 ** 32) * values.length)]!;
    return statistic(sample);
  }).sort();
  const tail = (1 - confidence) / 2;
  const estimate = statistic(Float64Array.from(values));
  return { estimate, low: quantile(draws, tail), high: quantile(draws, 1 - tail) };
}
