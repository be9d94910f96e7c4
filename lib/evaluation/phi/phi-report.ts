import type { TTest } from '../statistics/compare-means.js';
import type { SampleDescription } from '../statistics/describe-sample.js';

/** What varies with the tokens: phi and its components. */
export type PhiSeries = 'phi' | 'temporal' | 'integration' | 'participation' | 'attention';

/** A mean with its spread. */
export interface GroupMean {
  name: string;
  count: number;
  mean: number;
  /** NaN for a single value. */
  standardDeviation: number;
}

/** Phi at the end of segments beside that of something else on the same segments. */
export interface PhiControl {
  /** `untrained`: a model of the same shape; `shuffled`: the same tokens in another order. */
  name: 'untrained' | 'shuffled';
  values: readonly number[];
  /** By segment; undefined for fewer than 2. */
  test: TTest | undefined;
}

/** Phi of a text after a layer. */
export interface PhiLayerReport extends GroupMean {
  /** A value for each token of the first segment. */
  series: Record<PhiSeries, readonly number[]>;
}

/** What phi is along a text, and what it can be compared with. */
export interface PhiReport {
  /** The tokens of the first segment. */
  tokens: readonly string[];
  /** The index of the layer at which a memory reads phi; the others are to be compared with it. */
  layer: number;
  layers: readonly PhiLayerReport[];
  /** Pearson's and Spearman's, of phi and the components, over all tokens; NaN where one doesn't vary. */
  correlations: { names: readonly PhiSeries[]; pearson: readonly number[][]; spearman: readonly number[][] };
  /** Phi at the end of each segment. */
  values: readonly number[];
  /** Of these; undefined for fewer than 2. */
  statistics: SampleDescription | undefined;
  controls: readonly PhiControl[];
  /** By the tokens read, in four bands. */
  lengths: readonly GroupMean[];
  /** By the kind of a prompt. */
  kinds: readonly GroupMean[];
  /** Phi along a text that the model has generated. */
  generation: { tokens: readonly string[]; phi: readonly number[]; volatility: number };
  /** What phi loses at the end of the first tokens where one is deleted. */
  importance: readonly number[];
}
