/** Numbers to describe. */
type Values = readonly number[] | Float64Array;

/** The arithmetic mean; NaN of nothing. */
export function mean(values: Values): number {
  return sumCompensated(values) / values.length;
}

/** The sum, compensated for rounding. @see Neumaier 1974, improved Kahan–Babuška summation */
export function sumCompensated(values: Values): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

/** The unbiased variance Σ(x − mean)² / (n − 1); NaN for fewer than two values. */
export function variance(values: Values): number {
  if (values.length < 2) return NaN;
  const centre = mean(values);
  const squares = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) squares[i] = (values[i]! - centre) ** 2;
  return sumCompensated(squares) / (values.length - 1);
}

/** The square root of the unbiased variance; NaN for fewer than two values. */
export function standardDeviation(values: Values): number {
  return Math.sqrt(variance(values));
}

/** The value below which a share of the sorted values lies, interpolated; NaN of nothing. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const rank = share * (sorted.length - 1);
  const below = Math.floor(rank);
  const [low, high] = [sorted[below] ?? NaN, sorted[Math.ceil(rank)] ?? NaN];
  return low + (high - low) * (rank - below);
}
