import { expectPositiveInteger, expectRange, raise } from '../../core/index.js';
import type { ResolvedBatchOptions } from './dataset.js';
import type { BatchPlans } from '../batches/plan.js';
import type { BatchStream } from '../batches/batch-stream.js';
import { TokenDataset } from './token-dataset.js';
import type { TokenArray, TokenRow } from '../corpus/tokens.js';

/** A stage of a {@link CurriculumDataset}. */
export interface CurriculumStage<T extends TokenRow = TokenArray> {
  /** The dataset of this stage. */
  dataset: TokenDataset<T>;
  /** The end of the stage; the last one has none. */
  until?: { batches: number } | { epochs: number } | undefined;
  /** B in this stage, e.g. more rows while they are short. Default: the batch size of the whole. */
  batchSize?: number | undefined;
}

/** A stage with its first batch and what came before. */
interface ScheduledStage {
  plans: BatchPlans;
  first: number;
  epochsBefore: number;
}

/**
 * Stages one after another, such as short windows before long ones. The last stage goes on, and is what counts as
 * the dataset: its size, and the only one that is given out in `sequential` order.
 *
 * @example
 * const stages = [{ dataset: new WindowDataset(tokens, { length: 64 }), until: { epochs: 1 } }, { dataset: full }];
 * const dataset = new CurriculumDataset(stages);
 */
export class CurriculumDataset<T extends TokenRow = TokenArray> extends TokenDataset<T> {
  readonly stages: readonly CurriculumStage<T>[];
  readonly #last: TokenDataset<T>;

  /**
   * Puts stages in a row.
   *
   * @throws ArgumentError when there is none, when one other than the last has no end, or when they do not draw
   *   from the same tokens
   */
  constructor(stages: readonly CurriculumStage<T>[]) {
    const last = stages.at(-1)?.dataset ?? refuse('at least one stage', 'none');
    super(last.tokens, last.paddingToken);
    this.stages = stages;
    this.#last = last;
    stages.forEach((stage, index) => {
      checkStage(stage, index, stages);
    });
  }

  get size(): number {
    return this.#last.size;
  }

  get targetCount(): number {
    return this.#last.targetCount;
  }

  get inputCount(): number {
    return this.#last.inputCount;
  }

  get positionCount(): number {
    return this.#last.positionCount;
  }

  toString(): string {
    return this.stages.map((stage) => `${String(stage.dataset)}${describeLimits(stage)}`).join(', then ');
  }

  override batchesForEvaluation(batchSize: number): BatchStream {
    return this.#last.batchesForEvaluation(batchSize);
  }

  plans(options: ResolvedBatchOptions): BatchPlans {
    const batchSize = this.stages.at(-1)!.batchSize ?? options.batchSize;
    if (options.order === 'sequential') return this.#last.plans({ ...options, batchSize });
    const placed = this.#placed(options);
    const stageOf = (batch: number): ScheduledStage => placed.findLast(({ first }) => first <= batch)!;
    return {
      count: Infinity,
      epochAfter: (batches) => {
        const { plans, first, epochsBefore } = stageOf(batches);
        return epochsBefore + plans.epochAfter(batches - first);
      },
      plan: (batch) => {
        const { plans, first } = stageOf(batch);
        return plans.plan(batch - first);
      },
    };
  }

  #placed(options: ResolvedBatchOptions): ScheduledStage[] {
    let [first, epochsBefore] = [0, 0];
    return this.stages.map(({ dataset, until, batchSize = options.batchSize }) => {
      const plans = dataset.plans({ ...options, batchSize });
      const placed = { plans, first, epochsBefore };
      const batches = until === undefined ? 0 : countBatches(plans, until);
      first += batches;
      epochsBefore += plans.epochAfter(batches);
      return placed;
    });
  }
}

/** The batches of a stage; one that lasts for epochs ends with the batch that completes them. */
function countBatches(plans: BatchPlans, until: { batches: number } | { epochs: number }): number {
  if ('batches' in until) return until.batches;
  return Math.ceil(until.epochs / plans.epochAfter(1) - 1e-9);
}

function describeLimits<T extends TokenRow>({ until, batchSize }: CurriculumStage<T>): string {
  const rows = batchSize === undefined ? '' : `, ${batchSize} rows a batch,`;
  if (until === undefined) return rows;
  return `${rows} for ${'batches' in until ? `${until.batches} batches` : `${until.epochs} epochs`}`;
}

function checkStage<T extends TokenRow>(
  { dataset, until, batchSize = 1 }: CurriculumStage<T>,
  index: number,
  stages: readonly CurriculumStage<T>[],
): void {
  const name = `stages[${index}]`;
  expectPositiveInteger('CurriculumDataset', `${name}.batchSize`, batchSize);
  if (dataset.tokens !== stages.at(-1)!.dataset.tokens)
    refuse(`${name} to draw from the tokens of the others`, 'other tokens');
  const isLast = index === stages.length - 1;
  if (isLast !== (until === undefined)) {
    refuse(
      `${name}.until ${isLast ? 'to be absent, for the last stage goes on' : 'to end it'}`,
      isLast ? 'an end' : 'none',
    );
  }
  if (until === undefined) return;
  if ('batches' in until) expectPositiveInteger('CurriculumDataset', `${name}.until.batches`, until.batches);
  else expectRange('CurriculumDataset', `${name}.until.epochs`, until.epochs, { above: 0 });
}

function refuse(expected: string, received: string): never {
  raise('PAL_ARGUMENT', { where: 'CurriculumDataset', expected, received });
}
