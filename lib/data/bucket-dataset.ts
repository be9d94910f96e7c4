import { Random, expectPositiveInteger, raise, show } from '../core/index.js';
import { bucketLengths } from './bucket-lengths.js';
import type { CheckedBatchOptions } from './dataset.js';
import { cut, documentRuns } from './document-runs.js';
import type { Run } from './document-runs.js';
import { draws, randomPlans } from './example-plans.js';
import type { BatchPlan, BatchPlans } from './plan.js';
import { TokenDataset } from './token-dataset.js';
import type { Corpus, TokenArray, TokenRow } from './tokens.js';

/** How a {@link BucketDataset} sorts documents by length. */
export interface BucketOptions {
  /** The most inputs in a row; longer documents are cut. */
  length: number;
  /** The row lengths, ascending, the last one being `length`. Default: the eight that pad least. */
  lengths?: readonly number[] | undefined;
  /** The id at padded places. Default: 0. */
  paddingToken?: number;
}

const DEFAULT_BUCKETS = 8;

/** Documents of similar length. */
interface Bucket {
  /** T of its batches. */
  length: number;
  /** The examples in it. */
  examples: Uint32Array;
}

/** A batch: which bucket and which examples. */
interface Chosen {
  bucket: Bucket;
  examples: ArrayLike<number>;
}

/**
 * One document a row, with rows of similar length in a batch, so that little of it is padding. T differs from
 * batch to batch, but only by the row lengths.
 */
export class BucketDataset<T extends TokenRow = TokenArray> extends TokenDataset<T> {
  /** The row lengths that occur, ascending. */
  readonly lengths: readonly number[];
  readonly size: number;
  readonly inputCount: number;
  readonly placeCount: number;
  readonly #runs: Run[];
  readonly #buckets: Bucket[];

  /**
   * Sorts documents by length.
   *
   * @throws ArgumentError when `lengths` do not ascend to `length`
   * @throws DataError when no document has two tokens
   */
  constructor(corpus: Corpus<T>, options: BucketOptions) {
    super(corpus.tokens, options.paddingToken);
    const length = expectPositiveInteger('BucketDataset', 'length', options.length);
    this.#runs = documentRuns('BucketDataset', corpus).flatMap((run) => cut(run, length));
    this.#buckets = bucketsOf(
      this.#runs,
      options.lengths ? checked(options.lengths, length) : best(this.#runs, length),
    );
    this.lengths = this.#buckets.map((bucket) => bucket.length);
    this.size = this.#runs.length;
    this.inputCount = this.#runs.reduce((sum, { count }) => sum + count, 0);
    this.placeCount = this.#buckets.reduce((sum, bucket) => sum + bucket.length * bucket.examples.length, 0);
  }

  get targetCount(): number {
    return this.inputCount;
  }

  toString(): string {
    return `${this.size} documents of ${this.inputCount} inputs in rows of ${this.lengths.join(', ')}`;
  }

  plans(options: CheckedBatchOptions): BatchPlans {
    if (options.order === 'random') return this.#randomPlans(options);
    const shuffled = options.order === 'shuffled';
    const perEpoch = this.#buckets.reduce(
      (sum, { examples }) => sum + Math.ceil(examples.length / options.batchSize),
      0,
    );
    const chosen = epochs((epoch) => this.#epoch(options, epoch));
    return {
      count: shuffled ? Infinity : perEpoch,
      epochAfter: (batches) => batches / perEpoch,
      plan: (batch) => this.#plan(chosen(Math.floor(batch / perEpoch))[batch % perEpoch]!),
    };
  }

  /** The batches of an epoch: examples shuffled within their bucket, then the batches of all buckets. */
  #epoch({ batchSize, order, seed }: CheckedBatchOptions, epoch: number): Chosen[] {
    const random = order === 'shuffled' ? new Random(seed).split('epoch', epoch) : undefined;
    const batches = this.#buckets.flatMap((bucket, index): Chosen[] => {
      const examples = random?.split('bucket', index).shuffle(bucket.examples.slice()) ?? bucket.examples;
      const count = Math.ceil(examples.length / batchSize);
      return Array.from({ length: count }, (_, i) => ({
        bucket,
        examples: examples.subarray(i * batchSize, (i + 1) * batchSize),
      }));
    });
    return random?.shuffle(batches) ?? batches;
  }

  /** The first draw chooses the bucket, so that each document is as likely as any other. */
  #randomPlans({ batchSize, seed }: CheckedBatchOptions): BatchPlans {
    return randomPlans(this.size, batchSize, seed, (random) => {
      const { count } = this.#runs[random.integer(this.size)]!;
      const bucket = this.#buckets.find(({ length }) => length >= count)!;
      const drawn = draws(random, batchSize, bucket.examples.length);
      return this.#plan({ bucket, examples: drawn.map((index) => bucket.examples[index]!) });
    });
  }

  #plan({ bucket: { length }, examples }: Chosen): BatchPlan {
    const pieces = Array.from(examples, (example, row) => ({ ...this.#runs[example]!, at: row * length }));
    return { shape: [examples.length, length], pieces, examples: Array.from(examples) };
  }
}

/** Remembers the batches of the epoch that is being given out. */
function epochs(make: (epoch: number) => Chosen[]): (epoch: number) => Chosen[] {
  let held: { epoch: number; batches: Chosen[] } | undefined;
  return (epoch) => {
    if (held?.epoch !== epoch) held = { epoch, batches: make(epoch) };
    return held.batches;
  };
}

/** Each run goes to the shortest row that holds it; rows that none needs are left out. */
function bucketsOf(runs: readonly Run[], lengths: readonly number[]): Bucket[] {
  const members = lengths.map((): number[] => []);
  runs.forEach(({ count }, example) => members[lengths.findIndex((length) => length >= count)]!.push(example));
  return lengths
    .map((length, index) => ({ length, examples: Uint32Array.from(members[index]!) }))
    .filter(({ examples }) => examples.length > 0);
}

function best(runs: readonly Run[], longest: number): number[] {
  return bucketLengths(
    runs.map(({ count }) => count),
    longest,
    DEFAULT_BUCKETS,
  );
}

function checked(lengths: readonly number[], longest: number): readonly number[] {
  const ascending = lengths.every((length, i) => Number.isSafeInteger(length) && length > (lengths[i - 1] ?? 0));
  if (ascending && lengths.at(-1) === longest) return lengths;
  return raise('PAL_ARGUMENT', {
    where: 'BucketDataset',
    expected: `lengths to ascend to ${longest}`,
    received: show(lengths),
  });
}
