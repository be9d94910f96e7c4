import type { OptionChecks } from '../../core/index.js';
import { checkOptions, expectCount, expectRange } from '../../core/index.js';
import { computeWarmupFactor, expectSchedule, scheduleKeys } from './schedule.js';
import type { LearningRateSchedule, ScheduleOptions, ScheduleState } from './schedule.js';

/** Settings of {@link PlateauSchedule}. */
export interface PlateauScheduleOptions extends ScheduleOptions {
  /** Multiplies the rate (default 0.5). */
  factor?: number;
  /** Evaluations without progress that are let pass (default 1). */
  patience?: number;
  /** The rate never falls below (default 1e-6). */
  minimum?: number;
  /** Progress is a value below the best one by more than this share of its size (default 1e-4). */
  threshold?: number;
}

/** The keys of {@link PlateauScheduleOptions}. */
export const plateauScheduleKeys: OptionChecks<PlateauScheduleOptions> = {
  ...scheduleKeys,
  factor: true,
  patience: true,
  minimum: true,
  threshold: true,
};

/** Rises linearly for `warmup` steps, then stays, and falls by a factor each time that evaluations stop improving. */
export class PlateauSchedule implements LearningRateSchedule {
  private readonly options: Required<PlateauScheduleOptions>;
  private reduced: number;
  private best = Infinity;
  private waited = 0;

  constructor(options: PlateauScheduleOptions) {
    checkOptions('PlateauSchedule', options, plateauScheduleKeys);
    this.options = { warmup: 0, factor: 0.5, patience: 1, minimum: 1e-6, threshold: 1e-4, ...options };
    const { factor, patience, minimum, threshold } = this.options;
    expectSchedule('PlateauSchedule', options, minimum);
    expectRange('PlateauSchedule', 'factor', factor, { above: 0, below: 1 });
    expectCount('PlateauSchedule', 'patience', patience);
    expectRange('PlateauSchedule', 'threshold', threshold, { min: 0, below: 1 });
    this.reduced = options.learningRate;
  }

  rate(step: number): number {
    return this.reduced * computeWarmupFactor(step, this.options.warmup);
  }

  /** The rate of a state whose highest one was another. */
  private convertRate(reduced: number, before: number | undefined): number {
    const { learningRate, minimum } = this.options;
    if (before === undefined || before === learningRate) return reduced;
    return before === 0 ? learningRate : Math.max(minimum, reduced * (learningRate / before));
  }

  /** A value that is no number counts as no progress. */
  onEvaluation(value: number): void {
    const { factor, patience, minimum, threshold } = this.options;
    if (this.best === Infinity ? value < Infinity : value < this.best - Math.abs(this.best) * threshold) {
      this.best = value;
      this.waited = 0;
      return;
    }
    if (++this.waited <= patience) return;
    this.reduced = Math.max(minimum, this.reduced * factor);
    this.waited = 0;
  }

  save(): ScheduleState {
    const { reduced, waited, best } = this;
    const { learningRate } = this.options;
    return { reduced, waited, learningRate, ...(best < Infinity && { best }) };
  }

  /** Goes on from a state; where that was of another highest rate, with the same share of this one. */
  load({ reduced, waited, best = Infinity, learningRate }: ScheduleState): void {
    const rate = expectRange('PlateauSchedule.load', 'reduced', reduced, { min: 0 });
    this.reduced = this.convertRate(rate, learningRate);
    this.waited = expectCount('PlateauSchedule.load', 'waited', waited);
    this.best = best;
  }
}
