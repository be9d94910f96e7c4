import { expectOneOf, expectPositiveInteger } from '../core/index.js';
import type { CheckedBatchOptions } from './dataset.js';
import { documentRuns } from './document-runs.js';
import { examplePlans } from './example-plans.js';
import { packBestFit, packSequentially } from './pack-rows.js';
import type { Rows } from './pack-rows.js';
import type { BatchPlan, BatchPlans, Piece } from './plan.js';
import { TokenDataset } from './token-dataset.js';
import type { Corpus, TokenArray, TokenRow } from './tokens.js';

const STRATEGIES = ['best-fit', 'sequential'] as const;

/** How a {@link PackedDataset} fills its rows. */
export interface PackOptions {
  /** T, the places of a row. */
  length: number;
  /**
   * `best-fit`: documents longer than a row are cut, all others stay whole; rows end in little padding.
   * `sequential`: documents in order, cut where a row ends; only the last row has padding. Default: `best-fit`.
   */
  strategy?: (typeof STRATEGIES)[number];
  /** The id at padded places. Default: 0. */
  paddingToken?: number;
}

/**
 * Rows of several documents. Each place knows its document and its position there, so that a model can keep
 * documents apart; no target lies in another document than its input.
 */
export class PackedDataset<T extends TokenRow = TokenArray> extends TokenDataset<T> {
  readonly length: number;
  /** The number of rows. */
  readonly size: number;
  readonly inputCount: number;
  readonly #rows: Rows;
  readonly #strategy: (typeof STRATEGIES)[number];

  /**
   * Packs documents.
   *
   * @throws DataError when no document has two tokens
   */
  constructor(corpus: Corpus<T>, options: PackOptions) {
    super(corpus.tokens, options.paddingToken);
    const where = 'PackedDataset';
    this.length = expectPositiveInteger(where, 'length', options.length);
    this.#strategy = expectOneOf(where, 'strategy', options.strategy ?? 'best-fit', STRATEGIES);
    const runs = documentRuns(where, corpus);
    const pack = this.#strategy === 'best-fit' ? packBestFit : packSequentially;
    this.#rows = pack(runs, this.length);
    this.size = this.#rows.length;
    this.inputCount = runs.reduce((sum, { count }) => sum + count, 0);
  }

  get targetCount(): number {
    return this.inputCount;
  }

  get placeCount(): number {
    return this.size * this.length;
  }

  toString(): string {
    return `${this.size} rows of ${this.length}, packed ${this.#strategy} from ${this.inputCount} inputs`;
  }

  plans(options: CheckedBatchOptions): BatchPlans {
    return examplePlans(this.size, options, (rows) => this.#plan(rows));
  }

  #plan(examples: readonly number[]): BatchPlan {
    const pieces = examples.flatMap((example, row) => this.#pieces(example, row * this.length));
    return { shape: [examples.length, this.length], pieces, examples, packed: true };
  }

  #pieces(example: number, rowStart: number): Piece[] {
    let at = rowStart;
    return this.#rows[example]!.map(({ start, count }) => {
      at += count;
      return { start, count, at: at - count };
    });
  }
}
