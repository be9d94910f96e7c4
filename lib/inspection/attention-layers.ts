import type { AttentionMap } from './attention-maps.js';

/** A key that a query takes from. */
export interface AttendedKey {
  /** The index of the key. */
  key: number;
  /** Its attention weight, the mean over heads. */
  weight: number;
}

/** The attention of one layer over all heads. T is the number of tokens. */
export interface AttentionLayer {
  /** The path it was recorded at, as `blocks.0.attention`. */
  name: string;
  heads: number;
  /** Attention weights of each query, `T` rows of `T`: the mean over heads. */
  mean: number[][];
  /** The entropy of each query's weights in nats: the mean over heads. */
  entropy: number[];
  /** The weight each key has for a query that can see it, the mean over those and over heads. */
  received: number[];
  /** The three keys that each query takes most from. */
  top: AttendedKey[][];
  /** The mean entropy of the queries that look at eight tokens or more, in nats; NaN where none does. */
  meanEntropy: number;
  /** True where that is below 2 nats: the layer looks at very few tokens. */
  narrow: boolean;
}

/** Below this mean entropy, in nats, a layer is narrow; eight tokens seen evenly have a little more. */
const NARROW = 2;
const FEWEST_SEEN = 8;
const TOP = 3;

/** Summarizes the maps of {@link collectAttentionMaps} for each layer. */
export function summarizeAttention(maps: readonly AttentionMap[]): AttentionLayer[] {
  const names = [...new Set(maps.map(({ name }) => name))];
  return names.map((name) =>
    summarizeLayer(
      name,
      maps.filter((map) => map.name === name).map(({ weights }) => weights),
    ),
  );
}

function summarizeLayer(name: string, heads: readonly number[][][]): AttentionLayer {
  const mean = averageHeads(heads);
  const entropy = mean.map((_, query) => average(heads.map((weights) => computeEntropy(weights[query]!))));
  const wide = entropy.filter((_, query) => countSeen(mean[query]!) >= FEWEST_SEEN);
  const meanEntropy = average(wide);
  return {
    ...{ name, heads: heads.length, mean, entropy },
    received: mean.map((_, key) => average(mean.slice(key).map((row) => row[key]!))),
    top: mean.map(findTopKeys),
    ...{ meanEntropy, narrow: meanEntropy < NARROW },
  };
}

function averageHeads(heads: readonly number[][][]): number[][] {
  const [first = []] = heads;
  return first.map((row, query) => row.map((_, key) => average(heads.map((weights) => weights[query]![key]!))));
}

/** −Σ p ln p; weights that are taken away count by their size. */
function computeEntropy(row: readonly number[]): number {
  const sizes = row.map(Math.abs);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.reduce((sum, size) => (size === 0 ? sum : sum - (size / total) * Math.log(size / total)), 0);
}

/** Tokens that a query looks at: the others have no weight at all. */
function countSeen(row: readonly number[]): number {
  return row.filter((weight) => weight !== 0).length;
}

function findTopKeys(row: readonly number[]): AttendedKey[] {
  const keys = row.flatMap((weight, key) => (weight === 0 ? [] : [{ key, weight }]));
  return keys.sort((a, b) => b.weight - a.weight || a.key - b.key).slice(0, TOP);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
