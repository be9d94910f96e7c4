import { Random, expectCount, expectOneOf, expectPositiveInteger, raise, show } from '../core/index.js';
import type { TokenBatch, WindowSource } from './batch.js';
import { BATCH_ORDERS } from './dataset.js';
import type { BatchOptions, BatchOrder, BatchPosition, BatchSequence } from './dataset.js';

/**
 * Batches one after another. What comes next depends on seed and position only, so a stream restored to a
 * position continues exactly as the one that was saved.
 */
export class BatchStream implements BatchSequence {
  readonly #source: WindowSource;
  readonly #order: BatchOrder;
  readonly #batchSize: number;
  readonly #seed: number;
  readonly #random: Random;
  #windows = 0;
  #epochOrder: { epoch: number; windows: Uint32Array } | undefined;

  constructor(source: WindowSource, options: BatchOptions) {
    this.#source = source;
    this.#order = expectOneOf('batches', 'order', options.order, BATCH_ORDERS);
    this.#batchSize = expectPositiveInteger('batches', 'batchSize', options.batchSize);
    this.#seed = options.seed ?? 0;
    this.#random = new Random(this.#seed);
  }

  /** How often every window has been given out; parts of an epoch count as fractions. */
  get epoch(): number {
    return this.#windows / this.#source.size;
  }

  /** The number of batches until the end; Infinity for orders without one. */
  get remaining(): number {
    if (this.#order !== 'sequential') return Infinity;
    return Math.ceil((this.#source.size - this.#windows) / this.#batchSize);
  }

  next(): IteratorResult<TokenBatch, undefined> {
    const count = this.#order === 'sequential' ? this.#left() : this.#batchSize;
    if (count === 0) return { done: true, value: undefined };
    const starts = this.#order === 'random' ? this.#randomStarts() : this.#orderedStarts(count);
    this.#windows += count;
    return { done: false, value: this.#source.batchAt(starts) };
  }

  [Symbol.iterator](): this {
    return this;
  }

  /** The position, for {@link BatchStream.restore}. */
  save(): BatchPosition {
    const [order, batchSize, seed] = [this.#order, this.#batchSize, this.#seed];
    return { windows: this.#windows, order, batchSize, seed, size: this.#source.size };
  }

  /**
   * Goes to a saved position.
   *
   * @throws DataError when it was saved from a stream with other options or another dataset
   */
  restore(position: BatchPosition): void {
    const here: BatchPosition = this.save();
    for (const key of ['order', 'batchSize', 'seed', 'size'] as const) {
      if (position[key] !== here[key]) refusePosition(key, here[key], position[key]);
    }
    this.#windows = expectCount('BatchStream.restore', 'windows', position.windows);
  }

  #left(): number {
    return Math.max(0, Math.min(this.#batchSize, this.#source.size - this.#windows));
  }

  /** Each batch has random numbers of its own, so that a position says all. */
  #randomStarts(): number[] {
    const random = this.#random.split('batch', this.#windows / this.#batchSize);
    return Array.from({ length: this.#batchSize }, () => random.integer(this.#source.offsets));
  }

  #orderedStarts(count: number): number[] {
    const { size, stride } = this.#source;
    return Array.from({ length: count }, (_, row) => {
      const index = this.#windows + row;
      const window = this.#order === 'sequential' ? index : this.#shuffled(Math.floor(index / size))[index % size]!;
      return window * stride;
    });
  }

  #shuffled(epoch: number): Uint32Array {
    if (this.#epochOrder?.epoch !== epoch) {
      const windows = this.#random.split('epoch', epoch).permutation(this.#source.size);
      this.#epochOrder = { epoch, windows };
    }
    return this.#epochOrder.windows;
  }
}

function refusePosition(key: string, expected: unknown, received: unknown): never {
  raise('PAL_DATA', {
    where: 'BatchStream.restore',
    expected: `a position with ${key} ${show(expected)}`,
    received: show(received),
    fix: 'Continue with the options and the data the position was saved with.',
    details: { key },
  });
}
