/** The target of a position that does not count in the loss: padding, or the last token of a document. */
export const NO_TARGET = -100;

/**
 * Rows of ids and the ids one position later; both row-major of shape [B, T].
 *
 * Ids are 32 bits wide, half the size of libtorch's index type; the consumer widens them where an
 * operator asks for int64.
 */
export interface TokenBatch {
  inputs: Int32Array;
  /** −100 where a position does not count. */
  targets: Int32Array;
  shape: readonly [batch: number, time: number];
  /** Rows of several documents: the document of its row that each position belongs to; [B, T]. */
  documents?: Int32Array;
  /** Rows of several documents: the position within its document; [B, T]. */
  positions?: Int32Array;
  /** What the dataset says of each target, as the section that it lies in; 0 where nothing; [B, T]. */
  labels?: Int32Array;
  /** The examples of the dataset in this batch, for messages. */
  examples?: readonly number[];
  /** Batches that continue each other: true for each row that starts from no memory; [B]. */
  resetState?: readonly boolean[];
  /** Which of several sequences of such batches this one continues, an integer of 0 or more. Default: there is one. */
  stream?: number;
}
