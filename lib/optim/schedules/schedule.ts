import type { OptionChecks } from '../../core/index.js';
import { expectCount, expectInteger, expectRange } from '../../core/index.js';

/** The learning rate at a step, counted from 0; a pure function. */
export type Schedule = (step: number) => number;

/** The state of a schedule, as plain data for a checkpoint. */
export type ScheduleState = Readonly<Record<string, number>>;

/** A learning rate that a run follows: it may answer to evaluations, and its memory can be stored. */
export interface LearningRateSchedule {
  /** The learning rate at a step, counted from 0. */
  rate(step: number): number;
  /** Hears the value of an evaluation, of which lower is better. */
  onEvaluation(value: number): void;
  /** Returns its state. */
  save(): ScheduleState;
  /** Goes on from what {@link LearningRateSchedule.save} gave. */
  load(state: ScheduleState): void;
}

/** Settings of all schedules. */
export interface ScheduleOptions {
  /** The rate after the warm-up. */
  learningRate: number;
  /** Steps of linear rise before (default 0). */
  warmup?: number;
}

/** The keys of {@link ScheduleOptions}. */
export const scheduleKeys: OptionChecks<ScheduleOptions> = { learningRate: true, warmup: true };

/** Settings of schedules that fall until the last step. */
export interface FallingScheduleOptions extends ScheduleOptions {
  /** The rate from the last step on (default 0). */
  minimum?: number;
  /** Steps in all, warm-up included. */
  steps: number;
}

/** The keys of {@link FallingScheduleOptions}. */
export const fallingScheduleKeys: OptionChecks<FallingScheduleOptions> = {
  ...scheduleKeys,
  minimum: true,
  steps: true,
};

/** Requires settings that make sense. @throws ArgumentError otherwise */
export function expectSchedule(where: string, { learningRate, warmup = 0 }: ScheduleOptions, minimum = 0): void {
  expectRange(where, 'learningRate', learningRate, { min: 0 });
  expectRange(where, 'minimum', minimum, { min: 0, max: learningRate });
  expectCount(where, 'warmup', warmup);
}

/** Requires settings that make sense, the fall among them. @throws ArgumentError otherwise */
export function expectFalling(where: string, options: FallingScheduleOptions): void {
  const { minimum, warmup = 0, steps } = options;
  expectSchedule(where, options, minimum);
  expectRange(where, 'steps', expectInteger(where, 'steps', steps), { above: warmup });
}

/** The share of the rate reached during a warm-up; 1 after it. */
export function computeWarmupFactor(step: number, warmup: number): number {
  return Math.min(1, (step + 1) / (warmup + 1));
}
