import { expectCount } from '../../core/index.js';
import type { TokenBatch } from './batch.js';
import { createBatchReader } from './batch-reader.js';
import type { BatchReader } from './batch-reader.js';
import { countTargetsOf } from './count-batches.js';
import { expectPosition, refusePosition } from '../datasets/dataset.js';
import type { BatchPosition, BatchSequence, ResolvedBatchOptions } from '../datasets/dataset.js';
import type { BatchPlans } from './plan.js';
import type { TokenRow } from '../corpus/tokens.js';

/** The dataset that batches are made from. */
interface Source {
  readonly tokens: TokenRow;
  readonly paddingToken: number;
  plans(options: ResolvedBatchOptions): BatchPlans;
  toString(): string;
}

/** The batches of a dataset, one after another. */
export class BatchStream implements BatchSequence {
  readonly #source: Source;
  readonly #options: ResolvedBatchOptions;
  readonly #plans: BatchPlans;
  readonly #reader: BatchReader;
  #batches = 0;

  constructor(source: Source, options: ResolvedBatchOptions) {
    this.#source = source;
    this.#options = options;
    this.#plans = source.plans(options);
    this.#reader = createBatchReader(source.tokens, this.#plans, source.paddingToken);
  }

  get epoch(): number {
    return this.#plans.epochAfter(this.#batches);
  }

  get remaining(): number {
    return this.#plans.count - this.#batches;
  }

  next(): IteratorResult<TokenBatch, undefined> {
    if (this.remaining === 0) return { done: true, value: undefined };
    const value = this.#reader.read(this.#batches);
    this.#batches++;
    if (this.remaining === 0) this.#reader.release();
    return { done: false, value };
  }

  skip(): number | undefined {
    return this.remaining === 0 ? undefined : countTargetsOf(this.#plans, this.#batches++);
  }

  [Symbol.iterator](): this {
    return this;
  }

  /** Ends reading ahead, as when a loop is left early; the sequence can still be continued. */
  return(): IteratorResult<TokenBatch, undefined> {
    this.#reader.release();
    return { done: true, value: undefined };
  }

  save(): BatchPosition {
    const { batchSize, order, seed } = this.#options;
    return { dataset: this.#source.toString(), batchSize, order, seed, batches: this.#batches };
  }

  restore(position: BatchPosition): void {
    expectPosition(this.save(), position);
    const batches = expectCount('BatchSequence.restore', 'batches', position.batches);
    if (batches > this.#plans.count) refusePosition('batches', `of at most ${this.#plans.count}`, batches);
    this.#batches = batches;
  }
}
