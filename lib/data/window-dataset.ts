import { expectCount, expectPositiveInteger, raise } from '../core/index.js';
import type { TokenBatch, WindowSource } from './batch.js';
import { BatchStream } from './batch-stream.js';
import type { BatchOptions, Dataset } from './dataset.js';
import type { TokenArray } from './corpus.js';

/** The measures of a {@link WindowDataset}. */
export interface WindowOptions {
  /** T, the ids in a window. */
  length: number;
  /** The distance between two window starts. Default: `length`, so that no target occurs twice. */
  stride?: number;
}

/** Windows of fixed length over a row of tokens: inputs `tokens[s, s + T)`, targets `tokens[s + 1, s + T + 1)`. */
export class WindowDataset implements Dataset, WindowSource {
  readonly tokens: TokenArray;
  readonly length: number;
  readonly stride: number;
  /** The number of windows at multiples of the stride. */
  readonly size: number;

  /**
   * Cuts a row of tokens.
   *
   * @param tokens - at least `length + 1` ids; the array is not copied
   * @param options - the measures
   * @throws DataError when the row is shorter than one window and its last target
   */
  constructor(tokens: TokenArray, options: WindowOptions) {
    this.tokens = tokens;
    this.length = expectPositiveInteger('WindowDataset', 'length', options.length);
    this.stride = expectPositiveInteger('WindowDataset', 'stride', options.stride ?? options.length);
    if (tokens.length < this.length + 1) refuseShort(tokens.length, this.length);
    this.size = Math.floor((tokens.length - this.length - 1) / this.stride) + 1;
  }

  /** The targets of all windows; with a stride shorter than the window some occur twice. */
  get targetCount(): number {
    return this.size * this.length;
  }

  /** The number of places at which a window can start. */
  get offsets(): number {
    return this.tokens.length - this.length;
  }

  /**
   * The windows that start at some places, as one batch.
   *
   * @param starts - places in [0, `offsets`)
   * @throws ArgumentError when a window would reach beyond the row
   */
  batchAt(starts: ArrayLike<number>): TokenBatch {
    const [batch, time] = [starts.length, this.length];
    const inputs = new Int32Array(batch * time);
    const targets = new Int32Array(batch * time);
    for (let row = 0; row < batch; row++) {
      const start = this.#expectStart(starts[row]);
      inputs.set(this.tokens.subarray(start, start + time), row * time);
      targets.set(this.tokens.subarray(start + 1, start + time + 1), row * time);
    }
    return { inputs, targets, shape: [batch, time] };
  }

  /**
   * Batches of windows in the order the options name.
   *
   * @throws ArgumentError when an option is out of range
   */
  batches(options: BatchOptions): BatchStream {
    return new BatchStream(this, options);
  }

  #expectStart(start: number | undefined): number {
    if (expectCount('WindowDataset.batchAt', 'start', start) < this.offsets) return start!;
    return raise('PAL_ARGUMENT', {
      where: 'WindowDataset.batchAt',
      expected: `a start below ${this.offsets}`,
      received: String(start),
    });
  }
}

function refuseShort(tokens: number, length: number): never {
  raise('PAL_DATA', {
    where: 'WindowDataset',
    expected: `at least ${length + 1} tokens for windows of ${length}`,
    received: String(tokens),
    fix: 'Use more text, a shorter window or a larger share for this part.',
    details: { tokens, length },
  });
}
