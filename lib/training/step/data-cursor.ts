import { raise } from '../../core/index.js';
import type { BatchOptions, BatchPosition, BatchSequence, Dataset, TokenBatch } from '../../data/index.js';

/** A place in the training data, as plain data. */
export interface CursorPosition {
  /** Sequences that came to their end. */
  passes: number;
  position: BatchPosition;
}

/** Training batches without end: a sequence that ends is begun again. */
export class DataCursor {
  private sequence: BatchSequence;
  private passes = 0;
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
    return this.passes * this.passLength + this.sequence.epoch;
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
    return { passes: this.passes, position: this.sequence.save() };
  }

  /** Goes to a saved place. @throws DataError when it belongs to other data or options */
  restore({ passes, position }: CursorPosition): void {
    this.sequence.restore(position);
    this.passes = passes;
    if (passes > 0) this.passLength = this.measurePass();
  }

  /** Goes to the end of a sequence and reads nothing. */
  private measurePass(): number {
    const sequence = this.dataset.batches(this.options);
    sequence.restore({ ...sequence.save(), batches: sequence.remaining });
    return sequence.epoch;
  }
}
