import { raise } from '../../core/index.js';
import type { BatchOptions, BatchPosition, BatchSequence, Dataset, TokenBatch } from '../../data/index.js';

/** A place in the training data, as plain data. */
export interface CursorPosition {
  /** Sequences that came to their end. */
  passes: number;
  position: BatchPosition;
  /** Epochs that were made on other data; absent for none. */
  before?: number;
}

/** Training batches without end: a sequence that ends is begun again. */
export class DataCursor {
  private sequence: BatchSequence;
  private passes = 0;
  private before = 0;
  /** The epochs of a whole sequence. */
  private passLength = 1;

  constructor(
    private readonly dataset: Dataset,
    private readonly options: BatchOptions,
  ) {
    this.sequence = dataset.batches(options);
  }

  /** Passes over the data; a part of one as a fraction. */
  get epoch(): number {
    return this.before + this.passes * this.passLength + this.sequence.epoch;
  }

  /** The next batch. @throws DataError when the dataset has none */
  next(): TokenBatch {
    const next = this.sequence.next();
    if (next.done !== true) return next.value;
    this.passes++;
    this.passLength = this.sequence.epoch;
    this.sequence = this.dataset.batches(this.options);
    const again = this.sequence.next();
    if (again.done !== true) return again.value;
    return raise('PAL_DATA', { where: 'Trainer', expected: 'training data with batches', received: 'none' });
  }

  /** A batch such as come next; the place stays. @throws DataError when the dataset has none */
  peek(): TokenBatch {
    const place = this.save();
    const batch = this.next();
    this.sequence = this.dataset.batches(this.options);
    this.restore(place);
    return batch;
  }

  /** The current position. */
  save(): CursorPosition {
    const { passes, before } = this;
    return { passes, position: this.sequence.save(), ...(before > 0 && { before }) };
  }

  /** Goes to a saved place. @throws DataError when it belongs to other data or options */
  restore({ passes, position, before = 0 }: CursorPosition): void {
    this.sequence.restore(position);
    this.passes = passes;
    this.before = before;
    if (passes > 0) this.passLength = this.measurePass();
  }

  /** Begins the data, which are others than before. @param epochs - that were made on those */
  restart(epochs: number): void {
    this.before = epochs;
  }

  /** Goes to the end of a sequence and reads nothing. */
  private measurePass(): number {
    const sequence = this.dataset.batches(this.options);
    sequence.restore({ ...sequence.save(), batches: sequence.remaining });
    return sequence.epoch;
  }
}
