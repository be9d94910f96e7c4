import { checkOptions, expectInteger, expectOneOf, expectPositiveInteger, raise, show } from '../../core/index.js';
import type { BatchGoal } from '../batches/count-batches.js';
import type { TokenBatch } from '../batches/batch.js';

/** The orders of {@link BatchOrder}. */
export const BATCH_ORDERS = ['shuffled', 'random', 'sequential'] as const;

/**
 * The order of examples. `shuffled`: every example once an epoch, each epoch in its own order; endless.
 * `random`: independent draws; endless. `sequential`: every example once, in order; the last batch may be smaller.
 */
export type BatchOrder = (typeof BATCH_ORDERS)[number];

/** Options of {@link Dataset.batches}. */
export interface BatchOptions {
  /** B, the rows in a batch. */
  batchSize: number;
  order: BatchOrder;
  /** Draws the order; unused when sequential. Default: 0. */
  seed?: number;
}

/** {@link BatchOptions} after the checks, with the seed filled in. */
export type ResolvedBatchOptions = Required<BatchOptions>;

/** A position in a {@link BatchSequence} as plain data, with the dataset and the options it belongs to. */
export interface BatchPosition {
  /** The dataset in a few words. */
  dataset: string;
  order: BatchOrder;
  batchSize: number;
  seed: number;
  /** Batches given out so far. */
  batches: number;
}

/**
 * Batches one after another. What comes next depends on dataset, options and position only, so a sequence
 * restored to a position continues exactly as the one that was saved.
 */
export interface BatchSequence extends IterableIterator<TokenBatch> {
  /** Epochs so far, with a fraction for the one that is under way. */
  readonly epoch: number;
  /** The number of batches until the end; Infinity for orders without one. */
  readonly remaining: number;
  /**
   * Passes by the next batch without reading it; a sequence without this method is read.
   *
   * @returns the targets of it that count; undefined behind the last batch
   */
  skip?(): number | undefined;
  /** The position, as plain data. */
  save(): BatchPosition;
  /**
   * Goes to a saved position.
   *
   * @throws DataError when it was saved with other options or from another dataset
   */
  restore(position: BatchPosition): void;
}

/** Examples to train on or to score, in any order and as often as asked. */
export interface Dataset {
  /** The number of examples in an epoch. */
  readonly size: number;
  /** The number of targets that count in an epoch. */
  readonly targetCount: number;
  /**
   * The batches after which so many epochs or targets are reached, a sequence that ends begun again; Infinity for never.
   * For a dataset without this method targets are taken to be spread evenly over an epoch.
   *
   * @throws ArgumentError when an option is out of range
   */
  countBatches?(goal: BatchGoal, options: BatchOptions): number;
  /** A hash of the tokens, by which other data are noticed; a dataset without this method goes unnoticed. */
  hash?(): Promise<string>;
  /**
   * Every target once, in order, for figures that don't depend on the batch size. For a dataset without this method those
   * of `sequential` order.
   *
   * @throws ArgumentError when the batch size is out of range
   */
  batchesForEvaluation?(batchSize: number): BatchSequence;
  /**
   * Batches in the order the options name.
   *
   * @throws ArgumentError when an option is out of range
   */
  batches(options: BatchOptions): BatchSequence;
}

/**
 * Options with their defaults.
 *
 * @throws ArgumentError when one is out of range
 */
export function resolveBatchOptions(options: BatchOptions): ResolvedBatchOptions {
  checkOptions('batches', options, { batchSize: true, order: true, seed: true });
  return {
    batchSize: expectPositiveInteger('batches', 'batchSize', options.batchSize),
    order: expectOneOf('batches', 'order', options.order, BATCH_ORDERS),
    seed: expectInteger('batches', 'seed', options.seed ?? 0),
  };
}

/**
 * Requires a position of the same dataset, read with the same options.
 *
 * @param here - any position of the sequence
 * @param position - that is to be gone to
 * @throws DataError naming what differs
 */
export function expectPosition(here: BatchPosition, position: BatchPosition): void {
  for (const key of ['dataset', 'order', 'batchSize', 'seed'] as const) {
    if (position[key] !== here[key]) refusePosition(key, here[key], position[key]);
  }
}

/**
 * Refuses a position.
 *
 * @param key - what doesn't fit
 * @param expected - its value here
 * @param received - that of the position
 * @throws DataError always
 */
export function refusePosition(key: string, expected: unknown, received: unknown): never {
  raise('PAL_DATA', {
    where: 'BatchSequence.restore',
    expected: `a position with ${key} ${typeof expected === 'string' ? expected : show(expected)}`,
    received: show(received),
    fix: 'Continue with the options and the data the position was saved with.',
    details: { key },
  });
}
