import { checkOptions, raise } from '../../core/index.js';
import { hasCompletedEpochs } from '../../data/index.js';
import type { BatchOptions, Dataset } from '../../data/index.js';
import { countEpochsOf, countStepsOf } from './epochs.js';
import type { DataSize, TrainingOrder } from './epochs.js';
import type { OptionChecks } from '../../core/index.js';

/** The length of a run; with several bounds, whichever is reached first ends it. */
export interface LimitOptions {
  /** Updates of the weights. */
  steps?: number | undefined;
  /** Passes over the training data. */
  epochs?: number | undefined;
  /** Targets to train on, repeated ones counted again. */
  tokens?: number | undefined;
  /** Time spent in steps and evaluations. */
  minutes?: number | undefined;
  /** Updates that the time is expected to allow, where only time is bounded (default 10,000). No bound. */
  expectedSteps?: number | undefined;
}

/** The keys of {@link LimitOptions}. */
export const limitKeys: OptionChecks<LimitOptions> = {
  steps: true,
  epochs: true,
  tokens: true,
  minutes: true,
  expectedSteps: true,
};

/** The names of the bounds, of which a layer of settings that names some means no others. */
export const BOUNDS: readonly string[] = Object.keys(limitKeys).filter((key) => key !== 'expectedSteps');

/** The progress of a run. */
export interface RunProgress {
  step: number;
  /** Passes over the training data. */
  epoch: number;
  totalTokens: number;
  /** Over all sessions. */
  seconds: number;
}

/** Steps that a schedule is laid out over where only time is bounded. */
const NOMINAL_STEPS = 10_000;

/** The end of a run, and where between its start and its end it stands. */
export class Limits {
  /** Updates until the end; undefined where only time is bounded. */
  readonly steps: number | undefined;

  /**
   * @param options - the limits, at least one of them
   * @param order - the training data, which tell how many updates epochs and tokens are
   * @throws ConfigError without a limit
   */
  constructor(
    private readonly options: LimitOptions,
    private readonly order: TrainingOrder,
  ) {
    const { steps = Infinity, epochs = Infinity, tokens = Infinity, minutes = Infinity } = options;
    if (Math.min(steps, epochs, tokens, minutes) === Infinity) throwNoLimit();
    const expected = Math.min(steps, countStepsOf(order, { epochs: options.epochs, tokens: options.tokens }));
    this.steps = expected === Infinity ? undefined : Math.max(1, expected);
  }

  /** Passes over the training data until the end; where only time is bounded, as many as its schedule is laid out over. */
  get epochs(): number {
    return countEpochsOf(this.order, this.scheduleSteps);
  }

  /** Steps that a schedule is laid out over. */
  get scheduleSteps(): number {
    return this.steps ?? this.options.expectedSteps ?? NOMINAL_STEPS;
  }

  /** The step of the schedule for the next update, counted from 0; ahead of the updates where time runs faster. */
  scheduleStep({ step, seconds }: RunProgress): number {
    const { minutes } = this.options;
    if (minutes === undefined) return step;
    const byTime = Math.min(this.scheduleSteps - 1, Math.floor((seconds / (minutes * 60)) * this.scheduleSteps));
    return this.steps === undefined ? byTime : Math.max(step, byTime);
  }

  /** True where time is bounded, so that the number of updates is not known before. */
  get timed(): boolean {
    return this.options.minutes !== undefined;
  }

  /** The share of the run that is done, by updates or by time, whichever is more; 1 at the end. */
  share({ step, seconds }: RunProgress): number {
    return Math.max(step / (this.steps ?? Infinity), seconds / ((this.options.minutes ?? Infinity) * 60));
  }

  /** True if nothing is left. */
  spent({ step, epoch, totalTokens, seconds }: RunProgress): boolean {
    const { steps = Infinity, epochs = Infinity, tokens = Infinity, minutes = Infinity } = this.options;
    return step >= steps || hasCompletedEpochs(epoch, epochs) || totalTokens >= tokens || seconds >= minutes * 60;
  }
}

/**
 * Passes over the training data that limits allow. Where only time is bounded, as many as its schedule is laid out over.
 * @param options - the limits, at least one of them
 * @param dataset - the training data, or their size
 * @param batches - rows of a batch, a positive integer, or how batches are drawn (default: shuffled, seed 0)
 * @returns a number above 0, often no integer
 * @throws ConfigError without a limit
 */
export function countEpochs(
  options: LimitOptions,
  dataset: Dataset | DataSize,
  batches: number | BatchOptions,
): number {
  checkOptions('countEpochs', options, limitKeys);
  const drawn = typeof batches === 'number' ? { batchSize: batches, order: 'shuffled' as const } : batches;
  checkOptions('countEpochs', drawn, { batchSize: true, order: true, seed: true });
  return new Limits(options, { dataset, options: drawn }).epochs;
}

function throwNoLimit(): never {
  raise('PAL_CONFIG', {
    where: 'Trainer',
    expected: 'one of steps, epochs, tokens or minutes',
    received: 'none of them',
    fix: 'Say how long to train, as { epochs: 3 }.',
  });
}
