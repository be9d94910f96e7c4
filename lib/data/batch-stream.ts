import { Random, expectCount, expectOneOf, expectPositiveInteger, raise, show } from '../core/index.js';
import type { TokenBatch, WindowSource } from './batch.js';

const ORDERS = ['shuffled', 'random', 'sequential'] as const;

/**
 * The order of windows. `shuffled`: every window once an epoch, each epoch in its own order; endless, and
 * a batch may hold the end of one epoch and the start of the next. `random`: independent random places,
 * not bound to the stride; endless. `sequential`: every window once, in order; the last batch may be smaller.
 */
export type BatchOrder = (typeof ORDERS)[number];

/** How batches are drawn. */
export interface BatchOptions {
  /** B, the windows in a batch. */
  batchSize: number;
  order: BatchOrder;
  /** Draws the order; unused when sequential. Default: 0. */
  seed?: number;
}

/** A place in a {@link BatchStream} as plain data, with what it belongs to. */
export interface BatchPosition {
  /** Windows given out so far. */
  windows: number;
  order: BatchOrder;
  batchSize: number;
  seed: number;
  /** Size of the dataset. */
  size: number;
}

/**
 * Batches one after another. What comes next depends on seed and position only, so a stream restored to a
 * position continues exactly as the one that was saved.
 */
export class BatchStream implements IterableIterator<TokenBatch> {
  readonly #source: WindowSource;
  readonly #order: BatchOrder;
  readonly #batchSize: number;
  readonly #seed: number;
  readonly #random: Random;
  #windows = 0;
  #epochOrder: { epoch: number; windows: Uint32Array } | undefined;

  constructor(source: WindowSource, options: BatchOptions) {
    this.#source = source;
    this.#order = expectOneOf('batches', 'order', options.order, ORDERS);
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
