import type { WordTable } from './word-table.js';

const COVERAGE_SIZES = [1000, 5000, 10_000, 20_000];
const CURVE_POINTS = 60;

/** Growth and coverage of a vocabulary. */
export interface VocabularyAnalysis {
  /** Different tokens after so many tokens. */
  growth: { tokens: number; types: number }[];
  /** Heaps' law fitted to the growth after the first hundredth: types ≈ k · tokens^beta; undefined below four points. */
  heaps: { k: number; beta: number } | undefined;
  /** The share of all tokens that the commonest ones make up. */
  coverage: { size: number; share: number }[];
  /** The same at sizes that are evenly spaced on a logarithmic axis. */
  coverageCurve: { size: number; share: number }[];
  /** The count of the token of a rank, at ranks evenly spaced on a logarithmic axis. */
  zipf: { rank: number; count: number }[];
  /** Zipf's law fitted to ranks 10 to 5,000: count ∝ rank^−exponent; undefined below four points. */
  zipfExponent: number | undefined;
  /** Tokens that come once. */
  hapaxes: number;
  /** The vocabulary size that the next figure is for. */
  vocabSize: number;
  /** The share of tokens that are not among the `vocabSize` commonest. */
  oovRate: number;
  /** The chance that the next token of like text is none of those seen, by Good and Turing: hapaxes / tokens. */
  unseenRate: number;
}

/** Figures of a vocabulary. */
export function analyzeVocabulary(table: WordTable, vocabSize: number): VocabularyAnalysis {
  const sorted = Float64Array.from(table.counts).sort().reverse();
  const sums = accumulate(sorted);
  const share = (size: number): number =>
    table.total === 0 ? 0 : sums[Math.min(size, sums.length - 1)]! / table.total;
  const at = (size: number) => ({ size, share: share(size) });
  const ranks = spaceLogarithmically(sorted.length, CURVE_POINTS);
  const zipf = ranks.map((rank) => ({ rank, count: sorted[rank - 1]! }));
  const hapaxes = table.counts.filter((count) => count === 1).length;
  return {
    growth: table.curve,
    heaps: fitHeapsLaw(table.curve),
    coverage: COVERAGE_SIZES.map(at),
    coverageCurve: ranks.map(at),
    zipf,
    zipfExponent: fitZipfExponent(zipf),
    hapaxes,
    vocabSize,
    oovRate: table.total === 0 ? 0 : 1 - share(vocabSize),
    unseenRate: table.total === 0 ? 0 : hapaxes / table.total,
  };
}

/** [0, x0, x0 + x1, …]. */
function accumulate(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  values.forEach((value, index) => (sums[index + 1] = sums[index]! + value));
  return sums;
}

/** Integers from 1 to a last one, evenly spaced on a logarithmic axis, each once. */
function spaceLogarithmically(last: number, points: number): number[] {
  if (last === 0) return [];
  const values = Array.from({ length: points }, (_, i) => Math.round(last ** (i / (points - 1))));
  return [...new Set(values)];
}

function fitHeapsLaw(growth: VocabularyAnalysis['growth']): VocabularyAnalysis['heaps'] {
  const last = growth.at(-1)?.tokens ?? 0;
  const late = growth.filter(({ tokens }) => tokens >= Math.max(100, last / 100));
  const line = fitLogarithmicLine(late.map(({ tokens, types }) => [tokens, types] as const));
  return line && { k: Math.exp(line.offset), beta: line.slope };
}

function fitZipfExponent(zipf: VocabularyAnalysis['zipf']): number | undefined {
  const middle = zipf.filter(({ rank }) => rank >= 10 && rank <= 5000);
  const line = fitLogarithmicLine(middle.map(({ rank, count }) => [rank, count] as const));
  return line && -line.slope;
}

/** The straight line nearest to the logarithms of points, by least squares. */
function fitLogarithmicLine(
  points: readonly (readonly [number, number])[],
): { slope: number; offset: number } | undefined {
  if (points.length < 4) return undefined;
  const xs = points.map(([x]) => Math.log(x));
  const ys = points.map(([, y]) => Math.log(y));
  const [meanX, meanY] = [computeMean(xs), computeMean(ys)];
  const slope =
    computeMean(xs.map((x, i) => (x - meanX) * (ys[i]! - meanY))) / computeMean(xs.map((x) => (x - meanX) ** 2));
  return { slope, offset: meanY - slope * meanX };
}

function computeMean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
