/** Counts of the values of a tensor in several ranges. */
export interface Histogram {
  minimum: number;
  maximum: number;
  count: number;
  sum: number;
  sumOfSquares: number;
  /** The upper end of each range, rising. */
  limits: ArrayLike<number>;
  /** The count of each range. */
  counts: ArrayLike<number>;
}

/** Histograms by the names of parameters. */
export type NamedHistograms = Readonly<Record<string, Histogram>>;

/** A histogram in a few numbers. */
export interface HistogramSummary {
  minimum: number;
  maximum: number;
  mean: number;
  /** The root of the mean squared distance from the mean. */
  deviation: number;
  /** The root of the sum of all squares. */
  norm: number;
}

/**
 * Sums a histogram up.
 * @param histogram - of at least one value
 * @returns range, mean, deviation and norm of the values
 */
export function summarizeHistogram({ minimum, maximum, count, sum, sumOfSquares }: Histogram): HistogramSummary {
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, sumOfSquares / count - mean * mean));
  return { minimum, maximum, mean, deviation, norm: Math.sqrt(sumOfSquares) };
}
