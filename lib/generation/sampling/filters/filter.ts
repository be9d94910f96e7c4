import type { Tensor } from '../../../tensor/index.js';

/** Inputs of a filter on the device; the rows B are sequences side by side. */
export interface DeviceContext {
  /** The last tokens of each row, its prompt included, the newest last; −1 where there are fewer. `[B, H]`, int64. */
  history: Tensor;
  /** Counts of each token generated so far, where a filter asks for it. `[B, V]`, float64. */
  counts: Tensor | undefined;
  /** Tokens generated so far, −1 where the text of the row has ended. `[B]`, float64. */
  generatedCount: Tensor;
}

/** The same of one row in plain numbers. */
export interface RowContext {
  /** All tokens so far, the prompt's first. */
  tokens: readonly number[];
  /** The number of them that were generated. */
  generatedCount: number;
}

/**
 * Changes the logits of the next token. It exists twice: on the device, recorded and replayed, and row by row in plain
 * numbers, its reference.
 */
export interface LogitFilter {
  /** The number of last tokens that {@link DeviceContext.history} must hold, Infinity for all (default 0). */
  readonly historyLength?: number;
  /** True where it needs {@link DeviceContext.counts} (default false). */
  readonly counts?: boolean;
  /**
   * Changes the logits of every row; it reads no value, since it is recorded.
   * @param logits - `[B, V]`, float64; −Infinity bans a token
   * @param context - the tokens so far
   * @returns `[B, V]`, float64
   */
  onDevice(logits: Tensor, context: DeviceContext): Tensor;
  /**
   * Changes the logits of one row in place.
   * @param logits - `[V]`, one a token of the vocabulary; −Infinity bans a token
   * @param context - the tokens so far
   */
  onRow(logits: Float64Array, context: RowContext): void;
}
