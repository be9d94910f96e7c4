import type { Module } from '../../nn/index.js';
import type { RunFacts } from './record.js';

type Plain = Readonly<Record<string, unknown>>;

/** Where a run's configuration holds what is asked for. */
export interface FactSources {
  /** Settings of the trainer. */
  trainer: Plain;
  /** Settings of the model. */
  model: Plain;
}

/** The facts that configurations tell. */
export function factsOf({ trainer, model }: FactSources): RunFacts {
  const schedule = plainOf(trainer.schedule);
  return {
    vocabSize: numberOf(model.vocabSize),
    dropout: numberOf(model.dropout),
    clipNorm: numberOf(trainer.clipNorm),
    learningRate: numberOf(plainOf(trainer.optimizer).learningRate),
    minimumLearningRate: schedule.type === 'plateau' ? numberOf(schedule.minimum) : undefined,
    labelSmoothing: numberOf(trainer.labelSmoothing),
    precision: typeof trainer.precision === 'string' ? trainer.precision : undefined,
  };
}

/** The facts that a model tells. */
export function modelFacts(model: Module): RunFacts {
  const matrices = Object.entries(model.namedParameters()).filter(([, { ndim }]) => ndim === 2);
  return {
    parameters: model.parameterCount(),
    matrices: Object.fromEntries(matrices.map(([name, { shape }]) => [name, shape])),
  };
}

/** A record, or an empty one where there is none. */
export function plainOf(value: unknown): Plain {
  return typeof value === 'object' && value !== null ? (value as Plain) : {};
}

/** A number; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
