import type { OptionChecks } from '../../core/index.js';
import { Random, checkOptions, expectPositiveInteger, raise, show } from '../../core/index.js';
import { chooseBucketLengths } from './bucket-lengths.js';
import type { ResolvedBatchOptions } from './dataset.js';
import { chunkSpan, listInputSpans } from '../corpus/input-spans.js';
import type { InputSpan } from '../corpus/input-spans.js';
import { drawIntegers, planRandomBatches } from '../batches/example-plans.js';
import type { BatchPlan, BatchPlans } from '../batches/plan.js';
import { TokenDataset } from './token-dataset.js';
import type { Corpus, TokenArray, TokenRow } from '../corpus/tokens.js';

/** Options of {@link BucketDataset}. */
export interface BucketOptions {
  /** The most inputs in a row; longer documents are cut. */
  length: number;
  /** The row lengths, ascending, the last one being `length`. Default: the eight that pad least. */
  lengths?: readonly number[] | undefined;
  /** The id of padding. Default: 0. */
  paddingToken?: number;
}

/** The keys of {@link BucketOptions}. */
export const bucketKeys: OptionChecks<BucketOptions> = { length: true, lengths: true, paddingToken: true };

const DEFAULT_BUCKETS = 8;

/** Documents of similar length. */
interface Bucket {
  /** T of its batches. */
  length: number;
  /** The examples in it. */
  examples: Uint32Array;
}

/** A batch: its bucket and its examples. */
interface BucketBatch {
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
  readonly positionCount: number;
  readonly #spans: InputSpan[];
  readonly #buckets: Bucket[];

  /**
   * Sorts documents by length.
   *
   * @throws ArgumentError when `lengths` do not ascend to `length`
   * @throws DataError when no document has two tokens
   */
  constructor(corpus: Corpus<T>, options: BucketOptions) {
    const { paddingToken } = checkOptions('BucketDataset', options, bucketKeys);
    super(corpus.tokens, paddingToken);
    const length = expectPositiveInteger('BucketDataset', 'length', options.length);
    this.#spans = listInputSpans('BucketDataset', corpus).flatMap((span) => chunkSpan(span, length));
    this.#buckets = fillBuckets(
      this.#spans,
      options.lengths ? expectLengths(options.lengths, length) : chooseLengths(this.#spans, length),
    );
    this.lengths = this.#buckets.map((bucket) => bucket.length);
    this.size = this.#spans.length;
    this.inputCount = this.#spans.reduce((sum, { count }) => sum + count, 0);
    this.positionCount = this.#buckets.reduce((sum, bucket) => sum + bucket.length * bucket.examples.length, 0);
  }

  get targetCount(): number {
    return this.inputCount;
  }

  toString(): string {
    return `${this.size} documents of ${this.inputCount} inputs in rows of ${this.lengths.join(', ')}`;
  }

  plans(options: ResolvedBatchOptions): BatchPlans {
    if (options.order === 'random') return this.#randomPlans(options);
    const shuffled = options.order === 'shuffled';
    const perEpoch = this.#buckets.reduce(
      (sum, { examples }) => sum + Math.ceil(examples.length / options.batchSize),
      0,
    );
    const chosen = cacheEpoch((epoch) => this.#epoch(options, epoch));
    return {
      count: shuffled ? Infinity : perEpoch,
      epochAfter: (batches) => batches / perEpoch,
      plan: (batch) => this.#plan(chosen(Math.floor(batch / perEpoch))[batch % perEpoch]!),
    };
  }

  /** The batches of an epoch: examples shuffled within their bucket, then the batches of all buckets. */
  #epoch({ batchSize, order, seed }: ResolvedBatchOptions, epoch: number): BucketBatch[] {
    const random = order === 'shuffled' ? new Random(seed).split('epoch', epoch) : undefined;
    const batches = this.#buckets.flatMap((bucket, index): BucketBatch[] => {
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
  #randomPlans(options: ResolvedBatchOptions): BatchPlans {
    return planRandomBatches(this.size, options, (random, rows) => {
      const { count } = this.#spans[random.integer(this.size)]!;
      const bucket = this.#buckets.find(({ length }) => length >= count)!;
      const drawn = drawIntegers(random, rows, bucket.examples.length);
      return this.#plan({ bucket, examples: drawn.map((index) => bucket.examples[index]!) });
    });
  }

  #plan({ bucket: { length }, examples }: BucketBatch): BatchPlan {
    const spans = Array.from(examples, (example, row) => ({ ...this.#spans[example]!, position: row * length }));
    return { shape: [examples.length, length], spans, examples: Array.from(examples) };
  }
}

/** Remembers the batches of the epoch that is being given out. */
function cacheEpoch(createEpoch: (epoch: number) => BucketBatch[]): (epoch: number) => BucketBatch[] {
  let cached: { epoch: number; batches: BucketBatch[] } | undefined;
  return (epoch) => {
    if (cached?.epoch !== epoch) cached = { epoch, batches: createEpoch(epoch) };
    return cached.batches;
  };
}

/** Puts each span into the shortest row that holds it; rows that none needs are left out. */
function fillBuckets(spans: readonly InputSpan[], lengths: readonly number[]): Bucket[] {
  const members = lengths.map((): number[] => []);
  spans.forEach(({ count }, example) => members[lengths.findIndex((length) => length >= count)]!.push(example));
  return lengths
    .map((length, index) => ({ length, examples: Uint32Array.from(members[index]!) }))
    .filter(({ examples }) => examples.length > 0);
}

function chooseLengths(spans: readonly InputSpan[], longest: number): number[] {
  return chooseBucketLengths(
    spans.map(({ count }) => count),
    longest,
    DEFAULT_BUCKETS,
  );
}

function expectLengths(lengths: readonly number[], longest: number): readonly number[] {
  const ascending = lengths.every((length, i) => Number.isSafeInteger(length) && length > (lengths[i - 1] ?? 0));
  if (ascending && lengths.at(-1) === longest) return lengths;
  return raise('PAL_ARGUMENT', {
    where: 'BucketDataset',
    expected: `lengths to ascend to ${longest}`,
    received: show(lengths),
  });
}
