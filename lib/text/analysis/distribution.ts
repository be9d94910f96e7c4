/** The number of values in [from, to). */
export interface HistogramBin {
  from: number;
  to: number;
  count: number;
}

/** A distribution of counts in brief; percentiles are values that occurred (nearest rank). All are 0 when it is empty. */
export interface Distribution {
  min: number;
  mean: number;
  median: number;
  p90: number;
  p95: number;
  max: number;
  /** Bins of one width; the last holds everything above the 99th percentile too. */
  histogram: HistogramBin[];
}

const BINS = 40;

/** Collects integers of at least 0. */
export class DistributionCounter {
  readonly #counts = new Map<number, number>();
  total = 0;

  add(value: number): void {
    this.total++;
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  get result(): Distribution {
    const sorted = [...this.#counts].sort(([a], [b]) => a - b);
    const sum = sorted.reduce((all, [value, count]) => all + value * count, 0);
    const at = (share: number): number => this.#percentile(sorted, share);
    return {
      min: sorted[0]?.[0] ?? 0,
      mean: this.total === 0 ? 0 : sum / this.total,
      median: at(0.5),
      p90: at(0.9),
      p95: at(0.95),
      max: sorted.at(-1)?.[0] ?? 0,
      histogram: createHistogram(sorted, at(0.99)),
    };
  }

  #percentile(sorted: readonly (readonly [number, number])[], share: number): number {
    let left = Math.ceil(share * this.total);
    for (const [value, count] of sorted) {
      left -= count;
      if (left <= 0) return value;
    }
    return 0;
  }
}

function createHistogram(sorted: readonly (readonly [number, number])[], top: number): HistogramBin[] {
  if (sorted.length === 0) return [];
  const first = sorted[0]![0];
  const width = Math.max(1, Math.ceil((top - first + 1) / BINS));
  const bins = Array.from({ length: Math.ceil((top - first + 1) / width) }, (_, i) => ({
    from: first + i * width,
    to: first + (i + 1) * width,
    count: 0,
  }));
  for (const [value, count] of sorted) {
    bins[Math.min(bins.length - 1, Math.floor((value - first) / width))]!.count += count;
  }
  return bins;
}
