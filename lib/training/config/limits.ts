import { raise } from '../../core/index.js';

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
}

/** The size of training data. */
export interface DataSize {
  /** Examples in an epoch. */
  readonly size: number;
  /** Targets that count in an epoch. */
  readonly targetCount: number;
}

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
/** Sums of shares may lack this much of a whole epoch. */
const ROUNDING = 1e-9;

/** The end of a run, and where between its start and its end it stands. */
export class Limits {
  /** Updates until the end as far as data and batch size tell; undefined where only time is bounded. */
  readonly steps: number | undefined;

  constructor(
    private readonly options: LimitOptions,
    { size, targetCount }: DataSize,
    batchSize: number,
  ) {
    const { steps = Infinity, epochs = Infinity, tokens = Infinity, minutes = Infinity } = options;
    if (Math.min(steps, epochs, tokens, minutes) === Infinity) throwNoLimit();
    const share = Math.min(epochs, tokens / targetCount);
    const expected = Math.min(steps, Math.ceil((share * size) / batchSize));
    this.steps = expected === Infinity ? undefined : Math.max(1, expected);
  }

  /** Steps that a schedule is laid out over. */
  get scheduleSteps(): number {
    return this.steps ?? NOMINAL_STEPS;
  }

  /** The step of the schedule for the next update, counted from 0; ahead of the updates where time runs faster. */
  scheduleStep({ step, seconds }: RunProgress): number {
    const { minutes } = this.options;
    if (minutes === undefined) return step;
    const byTime = Math.min(this.scheduleSteps - 1, Math.floor((seconds / (minutes * 60)) * this.scheduleSteps));
    return this.steps === undefined ? byTime : Math.max(step, byTime);
  }

  /** True if nothing is left. */
  spent({ step, epoch, totalTokens, seconds }: RunProgress): boolean {
    const { steps = Infinity, epochs = Infinity, tokens = Infinity, minutes = Infinity } = this.options;
    return step >= steps || epoch >= epochs - ROUNDING || totalTokens >= tokens || seconds >= minutes * 60;
  }
}

/**
 * Passes over the training data that limits allow: tokens trained over tokens at hand. Where only time is bounded, as
 * many as its schedule is laid out over.
 * @param options - the limits, at least one of them
 * @param data - its examples and targets in an epoch
 * @param batchSize - rows of a batch, a positive integer
 * @returns a number above 0, often no integer
 * @throws ConfigError without a limit
 */
export function countEpochs(options: LimitOptions, data: DataSize, batchSize: number): number {
  return (new Limits(options, data, batchSize).scheduleSteps * batchSize) / data.size;
}

function throwNoLimit(): never {
  raise('PAL_CONFIG', {
    where: 'Trainer',
    expected: 'one of steps, epochs, tokens or minutes',
    received: 'none of them',
    fix: 'Say how long to train, as { epochs: 3 }.',
  });
}
