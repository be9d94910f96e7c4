import type { OptionChecks } from '../../core/index.js';
import { Random, checkOptions, expectPositiveInteger, raise } from '../../core/index.js';
import type { ResolvedBatchOptions } from './dataset.js';
import type { BatchPlan, BatchPlans, TokenSpan } from '../batches/plan.js';
import type { BatchStream } from '../batches/batch-stream.js';
import { TokenDataset } from './token-dataset.js';
import type { TokenArray, TokenRow } from '../corpus/tokens.js';

/** The most streams of an evaluation, and the least inputs of each where there are several. */
const EVALUATED_STREAMS = 4;
const EVALUATED_INPUTS = 16_384;

/** The measures of a {@link StreamDataset}. */
export interface StreamOptions {
  /** T, the inputs between two detachments of the recurrent state. */
  length: number;
  /** The id of padding. Default: 0. */
  paddingToken?: number;
}

/** The keys of {@link StreamOptions}. */
export const streamKeys: OptionChecks<StreamOptions> = { length: true, paddingToken: true };

/**
 * For recurrent models that carry their state from batch to batch: B parallel streams, each a contiguous part of
 * the row, which every batch continues where the one before it ended. Rows of the first batch of an epoch
 * have `resetState`.
 *
 * `shuffled` starts each epoch at another token of the row and goes on at its start when the end is reached.
 */
export class StreamDataset<T extends TokenRow = TokenArray> extends TokenDataset<T> {
  readonly length: number;
  /** The number of windows, when B divides them evenly. */
  readonly size: number;

  /**
   * Cuts a row of tokens when batches are asked for.
   *
   * @throws DataError when the row has fewer than two tokens
   */
  constructor(tokens: T, options: StreamOptions) {
    super(tokens, checkOptions('StreamDataset', options, streamKeys).paddingToken);
    this.length = expectPositiveInteger('StreamDataset', 'length', options.length);
    if (tokens.length < 2) refuseShort(tokens.length);
    this.size = Math.ceil(this.inputCount / this.length);
  }

  get inputCount(): number {
    return this.tokens.length - 1;
  }

  get targetCount(): number {
    return this.inputCount;
  }

  /** With one stream; each further stream may add a few positions. */
  get positionCount(): number {
    return this.size * this.length;
  }

  toString(): string {
    return `streams of ${this.length} over ${this.tokens.length} tokens`;
  }

  /** Few streams, which each carry their state over a long part, whatever the batch size: what it is like to read on. */
  override batchesForEvaluation(_batchSize: number): BatchStream {
    const rows = Math.floor(this.inputCount / EVALUATED_INPUTS);
    return this.batches({ batchSize: Math.min(EVALUATED_STREAMS, Math.max(1, rows)), order: 'sequential' });
  }

  /** @throws ArgumentError for `random` order, which cannot continue anything */
  plans({ batchSize: most, order, seed }: ResolvedBatchOptions): BatchPlans {
    if (order === 'random') refuseRandom();
    const batchSize = Math.min(most, this.inputCount);
    const perEpoch = Math.ceil(Math.ceil(this.inputCount / batchSize) / this.length);
    const random = new Random(seed);
    const offset = (epoch: number): number =>
      order === 'shuffled' ? random.split('epoch', epoch).integer(this.inputCount) : 0;
    return {
      count: order === 'shuffled' ? Infinity : perEpoch,
      epochAfter: (batches) => batches / perEpoch,
      plan: (batch) => this.#plan(batchSize, batch % perEpoch, offset(Math.floor(batch / perEpoch))),
    };
  }

  #plan(batchSize: number, window: number, offset: number): BatchPlan {
    const spans = Array.from({ length: batchSize }, (_, row) => this.#planRow(batchSize, row, window, offset)).flat();
    const examples = spans.map(({ start }) => Math.floor(start / this.length));
    const resetState = Array<boolean>(batchSize).fill(window === 0);
    return { shape: [batchSize, this.length], spans, examples, resetState };
  }

  /** Streams differ in length by one input at most; a shorter one ends in padding. */
  #planRow(batchSize: number, row: number, window: number, offset: number): TokenSpan[] {
    const bound = (stream: number): number => Math.floor((stream * this.inputCount) / batchSize);
    const from = bound(row) + window * this.length;
    const to = Math.min(bound(row + 1), from + this.length);
    return this.#wrapAround(from + offset, to + offset, row * this.length);
  }

  /** The inputs [from, to) of the row as a ring, in at most two spans. */
  #wrapAround(from: number, to: number, position: number): TokenSpan[] {
    const inputs = this.inputCount;
    if (to <= from) return [];
    if (from >= inputs) return [{ start: from - inputs, count: to - from, position }];
    const behind = Math.max(0, to - inputs);
    const head = { start: from, count: to - behind - from, position };
    return behind === 0 ? [head] : [head, { start: 0, count: behind, position: position + head.count }];
  }
}

function refuseShort(tokens: number): never {
  raise('PAL_DATA', { where: 'StreamDataset', expected: 'at least 2 tokens', received: String(tokens) });
}

function refuseRandom(): never {
  raise('PAL_ARGUMENT', {
    where: 'StreamDataset.batches',
    expected: 'order to be "shuffled" or "sequential"',
    received: '"random"',
    fix: 'Streams continue from batch to batch, so independent draws make no sense.',
  });
}
