import type { LogitFilter } from './filters/filter.js';

/** Inputs of one row in a pass. */
export interface RowInputs {
  /** A uniform number in [0, 1): the token is sampled there in the cumulative probabilities. */
  uniform: number;
  /** The token to take instead of sampling one; −1 to sample. */
  forcedToken: number;
  /** Tokens generated so far, −1 where the text of the row has ended. */
  generatedCount: number;
  /** `[V]`: 1 for each token that a constraint allows; undefined where all are. */
  allowed?: Uint8Array | undefined;
}

/** A token that was sampled. */
export interface SampledToken {
  id: number;
  /** ln P of the token under the model itself, before any filter. */
  logProbability: number;
}

/** Resolved settings: the filters of the logits, in order, and whether the likeliest token is taken. */
export interface Sampling {
  readonly filters: readonly LogitFilter[];
  /** True where the likeliest token is taken, the first of equals. */
  readonly greedy: boolean;
}
