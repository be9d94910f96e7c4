import { expectRange, raise } from '../../core/index.js';
import type { Module } from '../../nn/index.js';
import { Optimizer } from '../../optim/interface/index.js';
import type { LearningRateSchedule, ScheduleRun } from '../../optim/index.js';
import type { TrainerEvaluation } from '../report.js';

/** The run that a {@link ScheduleFunction} is asked for. */
export interface ScheduledRun extends ScheduleRun {
  /** Passes over the training data so far; a part of one as a fraction. */
  readonly epoch: number;
  /** The latest evaluation, which a resume brings back; undefined before the first. */
  readonly validation: TrainerEvaluation | undefined;
}

/**
 * A learning-rate schedule of one's own: the rate of an update by its number, counted from 0. It depends on its
 * arguments alone, so that a resumed run follows it as if it had never stopped.
 */
export type ScheduleFunction = (step: number, run: ScheduledRun) => number;

/** Makes an optimizer of a model's parameters, once the model is complete. */
export type OptimizerFactory<Model extends Module = Module> = (model: Model) => Optimizer;

/** The settings that are no plain data. */
export interface OwnFunctions {
  /** Given ready-made or as a function, where it was. */
  optimizer: Optimizer | OptimizerFactory | undefined;
  /** Given as a function, where it was. */
  schedule: ScheduleFunction | undefined;
}

/** The part of a run that changes between two answers of a schedule. */
export type ScheduleProgress = Pick<ScheduledRun, 'epoch' | 'validation'>;

/**
 * A schedule that asks a function for each rate.
 * @param rate - the function
 * @param run - steps in all, and the highest rate
 * @param progress - gives epoch and latest evaluation
 * @returns a schedule that remembers nothing
 */
export function createOwnSchedule(
  rate: ScheduleFunction,
  run: ScheduleRun,
  progress: () => ScheduleProgress,
): LearningRateSchedule {
  return {
    rate: (step) => expectRange('Trainer', `schedule(${step}, run)`, rate(step, { ...run, ...progress() }), { min: 0 }),
    onEvaluation: () => undefined,
    save: () => ({}),
    load: () => undefined,
  };
}

/**
 * The optimizer that was given ready-made, or by a function.
 * @param given - either
 * @param model - its parameters are those of the optimizer
 * @returns the optimizer
 * @throws ArgumentError when the function gives something else
 */
export function callOptimizerFactory(given: Optimizer | OptimizerFactory, model: Module): Optimizer {
  const optimizer: unknown = typeof given === 'function' ? given(model) : given;
  if (optimizer instanceof Optimizer) return optimizer;
  raise('PAL_ARGUMENT', {
    where: 'Trainer',
    expected: 'optimizer(model) to give an Optimizer',
    received: typeof optimizer,
    fix: 'As optimizer: (model) => new AdamW([{ parameters: model.namedParameters() }]).',
  });
}

/** What a run was given that is no plain data, each in a few words, by the name of its option. */
export type OwnSettings = Readonly<Record<string, string>>;

/**
 * Names the settings of a run that its folder can't hold.
 * @param own - of a trainer
 * @returns what each of them is, by the name of its option
 */
export function describeFunctions({ optimizer, schedule }: OwnFunctions): OwnSettings {
  return {
    ...(optimizer && { optimizer: typeof optimizer === 'function' ? 'a function' : optimizer.constructor.name }),
    ...(schedule && { schedule: 'a function' }),
  };
}

/**
 * Requires that a resume passes everything again that a run folder can't hold.
 * @param stored - as the run was started with
 * @param options - of the resume
 * @param where - what takes them (default `Trainer.resume`)
 * @throws ConfigError naming what to pass
 */
export function expectPassedAgain(stored: OwnSettings, options: object, where = 'Trainer.resume'): void {
  const missing = Object.keys(stored).filter((name) => (options as Record<string, unknown>)[name] === undefined);
  if (missing.length === 0) return;
  const list = missing.map((name) => `${name} (${stored[name]!})`).join(', ');
  raise('PAL_CONFIG', {
    where,
    expected: `${list}, as the run was started with`,
    received: `no ${missing.join(', no ')}`,
    fix: `A run folder holds no functions: pass ${missing.join(', ')} to ${where} again, or plain settings instead.`,
    details: { missing },
  });
}
