/**
 * Rows of ids and the ids one place later; both row-major of shape [B, T].
 *
 * Ids are 32 bits wide, half the size of libtorch's index type; the consumer widens them where an
 * operator asks for int64.
 */
export interface TokenBatch {
  inputs: Int32Array;
  targets: Int32Array;
  shape: readonly [batch: number, time: number];
}

/** What a stream of batches needs to know of the windows it draws from. */
export interface WindowSource {
  /** The number of windows at multiples of the stride. */
  readonly size: number;
  readonly stride: number;
  /** The number of places at which a window can start. */
  readonly offsets: number;
  /** The windows that start at some places, as one batch. */
  batchAt(starts: ArrayLike<number>): TokenBatch;
}
