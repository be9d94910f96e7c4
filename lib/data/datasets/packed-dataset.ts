import type { OptionChecks } from '../../core/index.js';
import { Random, checkOptions, expectInteger, expectOneOf, expectPositiveInteger, raise } from '../../core/index.js';
import type { ResolvedBatchOptions } from './dataset.js';
import { listInputSpans } from '../corpus/input-spans.js';
import { planExamples } from '../batches/example-plans.js';
import { packBestFit, packSequentially } from './pack-rows.js';
import type { Rows } from './pack-rows.js';
import type { BatchPlan, BatchPlans, TargetRange, TokenSpan } from '../batches/plan.js';
import { countRanges } from '../batches/count-batches.js';
import type { InputSpan } from '../corpus/input-spans.js';
import { TokenDataset } from './token-dataset.js';
import type { Corpus, TokenArray, TokenRow } from '../corpus/tokens.js';

const STRATEGIES = ['best-fit', 'sequential'] as const;

/** Options of {@link PackedDataset}. */
export interface PackOptions {
  /** T, the positions of a row. */
  length: number;
  /**
   * `best-fit`: documents longer than a row are cut, all others stay whole; rows end in little padding.
   * `sequential`: documents in order, cut where a row ends; only the last row has padding. Default: `best-fit`.
   */
  strategy?: (typeof STRATEGIES)[number];
  /** The id of padding. Default: 0. */
  paddingToken?: number;
  /**
   * Several passes that an epoch consists of, each the numbers of its documents: it is packed by itself, and its rows come
   * in an order of their own. Default: one of all documents, its rows as they are packed.
   */
  passes?: readonly (readonly number[])[] | undefined;
  /** Draws the order of the rows of each pass. Default: 0. */
  seed?: number | undefined;
}

/** The keys of {@link PackOptions}. */
export const packKeys: OptionChecks<PackOptions> = {
  ...{ length: true, strategy: true, paddingToken: true, passes: true },
  seed: true,
};

/**
 * Rows of several documents. Each token knows its document and its position there, so that a model can keep
 * documents apart; no target lies in another document than its input.
 */
export class PackedDataset<T extends TokenRow = TokenArray> extends TokenDataset<T> {
  readonly length: number;
  /** The number of rows. */
  readonly size: number;
  readonly inputCount: number;
  /** The rows before the end of each pass. */
  readonly passEnds: readonly number[];
  readonly #rows: Rows;
  readonly #strategy: (typeof STRATEGIES)[number];

  /**
   * Packs documents.
   *
   * @throws DataError when no document has two tokens
   */
  constructor(corpus: Corpus<T>, options: PackOptions) {
    const { paddingToken } = checkOptions('PackedDataset', options, packKeys);
    super(corpus.tokens, paddingToken);
    const where = 'PackedDataset';
    this.length = expectPositiveInteger(where, 'length', options.length);
    this.#strategy = expectOneOf(where, 'strategy', options.strategy ?? 'best-fit', STRATEGIES);
    const spans = listInputSpans(where, corpus);
    const pack = this.#strategy === 'best-fit' ? packBestFit : packSequentially;
    const passes = options.passes && selectPasses(corpus, spans, options.passes);
    const packed = passes?.map((pass) => pack(pass, this.length)) ?? [pack(spans, this.length)];
    const random = new Random(expectInteger(where, 'seed', options.seed ?? 0));
    this.#rows =
      passes === undefined ? packed.flat() : packed.flatMap((rows, i) => shuffleRows(rows, random.split('pass', i)));
    this.size = this.#rows.length;
    this.passEnds = packed.map((_, i) => packed.slice(0, i + 1).reduce((sum, rows) => sum + rows.length, 0));
    this.inputCount = (passes?.flat() ?? spans).reduce((sum, { count }) => sum + count, 0);
  }

  get targetCount(): number {
    return this.inputCount;
  }

  get positionCount(): number {
    return this.size * this.length;
  }

  toString(): string {
    return `${this.size} rows of ${this.length}, packed ${this.#strategy} from ${this.inputCount} inputs`;
  }

  plans(options: ResolvedBatchOptions): BatchPlans {
    return planExamples(this.size, options, {
      createPlan: (rows) => this.#plan(rows),
      countTargets: (row) => this.#rows[row]!.reduce((sum, span) => sum + this.#countTargets(span), 0),
    });
  }

  /** The targets of a span that count, in rising order; undefined where all do. */
  protected listCountedTargets(_span: InputSpan): readonly TargetRange[] | undefined {
    return undefined;
  }

  /** The inputs of a span at which a further document begins, in rising order; undefined where it is one. */
  protected listBreaks(_span: InputSpan): readonly number[] | undefined {
    return undefined;
  }

  /** What is said of each token as a target; undefined where nothing is. */
  protected get labels(): Uint16Array | undefined {
    return undefined;
  }

  #countTargets(span: InputSpan): number {
    const counted = this.listCountedTargets(span);
    return counted === undefined ? span.count : countRanges(counted);
  }

  #plan(examples: readonly number[]): BatchPlan {
    const spans = examples.flatMap((example, row) => this.#placeRow(example, row * this.length));
    const { labels } = this;
    return { shape: [examples.length, this.length], spans, examples, packed: true, ...(labels && { labels }) };
  }

  #placeRow(example: number, rowStart: number): TokenSpan[] {
    let end = rowStart;
    return this.#rows[example]!.map((span) => {
      end += span.count;
      const counted = this.listCountedTargets(span);
      const breaks = this.listBreaks(span);
      return { ...span, position: end - span.count, ...(counted && { counted }), ...(breaks && { breaks }) };
    });
  }
}

/** The spans of the documents of each pass. */
function selectPasses(
  { starts }: Corpus<TokenRow>,
  spans: readonly InputSpan[],
  passes: readonly (readonly number[])[],
): InputSpan[][] {
  const byStart = new Map(spans.map((span) => [span.start, span]));
  const selected = passes.map((pass) => pass.flatMap((document) => byStart.get(starts[document] ?? -1) ?? []));
  if (selected.every((pass) => pass.length > 0)) return selected;
  return raise('PAL_ARGUMENT', {
    where: 'PackedDataset',
    expected: 'passes of documents of at least two tokens',
    received: `pass ${selected.findIndex((pass) => pass.length === 0)} without one`,
  });
}

function shuffleRows(rows: Rows, random: Random): Rows {
  return Array.from(random.permutation(rows.length), (row) => rows[row]!);
}
