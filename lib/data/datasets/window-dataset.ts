import { checkOptions, expectCount, expectOneOf, expectPositiveInteger, raise } from '../../core/index.js';
import type { OptionChecks, Random } from '../../core/index.js';
import type { TokenBatch } from '../batches/batch.js';
import type { ResolvedBatchOptions } from './dataset.js';
import { drawIntegers, planExamples, planRandomBatches } from '../batches/example-plans.js';
import { createBatch, gatherTokens } from '../batches/gather.js';
import type { BatchPlan, BatchPlans, TokenSpan } from '../batches/plan.js';
import type { BatchStream } from '../batches/batch-stream.js';
import { TokenDataset } from './token-dataset.js';
import type { TokenArray, TokenRow } from '../corpus/tokens.js';

const PARTIAL = ['pad', 'drop'] as const;
const COUNTED = ['all', 'once'] as const;

/** The measures of a {@link WindowDataset}. */
export interface WindowOptions {
  /** T, the ids in a window. */
  length: number;
  /** The distance between two window starts. Default: `length`, so that no target occurs twice. */
  stride?: number | undefined;
  /** `pad` or `drop` a last window with fewer tokens. Default: `pad`. */
  partial?: (typeof PARTIAL)[number];
  /**
   * Overlapping windows: a target counts in `all` of them, or `once`, in the first, and is context
   * in the others. Default: `all`.
   */
  counted?: (typeof COUNTED)[number];
  /** The id of padding. Default: 0. */
  paddingToken?: number;
}

/** The keys of {@link WindowOptions}. */
export const windowKeys: OptionChecks<WindowOptions> = {
  length: true,
  stride: true,
  partial: true,
  counted: true,
  paddingToken: true,
};

/**
 * Windows of fixed length over a row of tokens: inputs `tokens[s, s + T)`, targets `tokens[s + 1, s + T + 1)`.
 * In `random` order a window may start anywhere, not only at multiples of the stride. An epoch is over when as many
 * targets have counted as there are: windows that overlap by half are two epochs. For evaluations no windows overlap.
 */
export class WindowDataset<T extends TokenRow = TokenArray> extends TokenDataset<T> {
  readonly length: number;
  readonly stride: number;
  /** The number of windows at multiples of the stride. */
  readonly size: number;
  readonly #context: number;

  /**
   * Cuts a row of tokens.
   *
   * @param tokens - at least two ids, or `length + 1` when no window may be partial; the row is not copied
   * @param options - the measures
   * @throws DataError when the row is shorter
   */
  constructor(tokens: T, options: WindowOptions) {
    super(tokens, checkOptions('WindowDataset', options, windowKeys).paddingToken);
    const where = 'WindowDataset';
    this.length = expectPositiveInteger(where, 'length', options.length);
    this.stride = expectPositiveInteger(where, 'stride', options.stride ?? options.length);
    const drop = expectOneOf(where, 'partial', options.partial ?? 'pad', PARTIAL) === 'drop';
    const once = expectOneOf(where, 'counted', options.counted ?? 'all', COUNTED) === 'once';
    if (tokens.length < (drop ? this.length + 1 : 2)) refuseShort(tokens.length, this.length, drop);
    this.#context = once ? Math.max(0, this.length - this.stride) : 0;
    this.size = drop ? this.#fullWindows() : this.#allWindows();
  }

  /** The number of tokens at which a window can start. */
  get offsets(): number {
    return Math.max(1, this.tokens.length - this.length);
  }

  get inputCount(): number {
    return (this.size - 1) * this.length + this.#windowAt((this.size - 1) * this.stride, 0).count;
  }

  get positionCount(): number {
    return this.size * this.length;
  }

  /** Targets that occur in several windows are counted as often, unless they count once. */
  get targetCount(): number {
    return this.inputCount - (this.size - 1) * this.#context;
  }

  toString(): string {
    const context = this.#context > 0 ? `, ${this.#context} of them context` : '';
    return `${this.size} windows of ${this.length}${context}, every ${this.stride} of ${this.tokens.length} tokens`;
  }

  /**
   * The windows that start at some tokens, as one batch.
   *
   * @param starts - indices in [0, `offsets`)
   * @throws ArgumentError when a window would reach beyond the row
   */
  batchAt(starts: ArrayLike<number>): TokenBatch {
    const plan = this.#planAt(Array.from(starts, (start) => this.#expectStart(start)));
    return createBatch(plan, gatherTokens(this.tokens, plan, this.paddingToken));
  }

  plans(options: ResolvedBatchOptions): BatchPlans {
    if (options.order !== 'random') {
      return planExamples(this.size, options, {
        createPlan: (windows) => this.#plan(windows),
        countTargets: (window) => this.#countTargets(window),
        passes: this.#passes,
      });
    }
    const places = (random: Random, rows: number): number[] => drawIntegers(random, rows, this.offsets);
    const size = this.size / this.#passes;
    return planRandomBatches(size, options, (random, rows) => this.#planAt(places(random, rows)));
  }

  /** The times that a target occurs where it counts; an epoch sees each once. */
  get #passes(): number {
    if (this.stride >= this.length) return 1;
    const last = (this.size - 1) * this.stride;
    return this.targetCount / (last + this.#windowAt(last, 0).count);
  }

  override batchesForEvaluation(batchSize: number): BatchStream {
    const { tokens, length, stride, paddingToken } = this;
    const overlapping = stride < length && this.#context === 0;
    const source = overlapping ? new WindowDataset(tokens, { length, paddingToken }) : this;
    return source.batches({ batchSize, order: 'sequential' });
  }

  #countTargets(window: number): number {
    return this.#windowAt(window * this.stride, 0).count - (window > 0 ? this.#context : 0);
  }

  #plan(windows: readonly number[]): BatchPlan {
    const spans = windows.map((window, row) => {
      const span = this.#windowAt(window * this.stride, row);
      return window > 0 && this.#context > 0 ? { ...span, firstTarget: this.#context } : span;
    });
    return { shape: [windows.length, this.length], spans, examples: windows };
  }

  #planAt(starts: readonly number[]): BatchPlan {
    return {
      shape: [starts.length, this.length],
      spans: starts.map((start, row) => this.#windowAt(start, row)),
      examples: starts.map((start) => Math.floor(start / this.stride)),
    };
  }

  #windowAt(start: number, row: number): TokenSpan {
    return { start, count: Math.min(this.length, this.tokens.length - 1 - start), position: row * this.length };
  }

  #fullWindows(): number {
    return Math.floor((this.tokens.length - this.length - 1) / this.stride) + 1;
  }

  /** Until every target has been reached; with a stride beyond the length, until none is left. */
  #allWindows(): number {
    const targets = this.tokens.length - 1;
    const reaching = Math.ceil(Math.max(0, targets - this.length) / this.stride) + 1;
    return Math.min(reaching, Math.ceil(targets / this.stride));
  }

  #expectStart(start: number): number {
    if (expectCount('WindowDataset.batchAt', 'start', start) < this.offsets) return start;
    return raise('PAL_ARGUMENT', {
      where: 'WindowDataset.batchAt',
      expected: `a start below ${this.offsets}`,
      received: String(start),
    });
  }
}

function refuseShort(tokens: number, length: number, drop: boolean): never {
  raise('PAL_DATA', {
    where: 'WindowDataset',
    expected: drop ? `at least ${length + 1} tokens for windows of ${length}` : 'at least 2 tokens',
    received: String(tokens),
    fix: 'Use more text, a shorter window or a larger share for this split.',
    details: { tokens, length },
  });
}
