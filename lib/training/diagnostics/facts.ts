import type { Module } from '../../nn/index.js';
import type { RunFacts } from './record.js';

type Plain = Readonly<Record<string, unknown>>;

/** The configurations of a run that hold facts. */
export interface FactSources {
  /** Settings of the trainer. */
  trainer: Plain;
  /** Settings of the model. */
  model: Plain;
}

/**
 * The facts that configurations tell.
 * @param sources - the settings of trainer and model as plain data
 * @returns the facts, undefined where a setting is missing or no number
 */
export function readConfigFacts({ trainer, model }: FactSources): RunFacts {
  const schedule = asRecord(trainer.schedule);
  return {
    vocabSize: asNumber(model.vocabSize),
    dropout: asNumber(model.dropout),
    maxGradNorm: asNumber(trainer.maxGradNorm),
    learningRate: asNumber(asRecord(trainer.optimizer).learningRate),
    minimumLearningRate: schedule.type === 'plateau' ? asNumber(schedule.minimum) : undefined,
    labelSmoothing: asNumber(trainer.labelSmoothing),
    precision: typeof trainer.precision === 'string' ? trainer.precision : undefined,
  };
}

/**
 * The facts that a model tells.
 * @param model - its parameters are looked at
 * @returns their number, and the shapes of those with two axes
 */
export function readModelFacts(model: Module): RunFacts {
  const matrices = Object.entries(model.namedParameters()).filter(([, { ndim }]) => ndim === 2);
  return {
    parameters: model.parameterCount(),
    matrices: Object.fromEntries(matrices.map(([name, { shape }]) => [name, shape])),
  };
}

/**
 * A record, or an empty one where there is none.
 * @param value - anything
 * @returns the value itself where it is an object
 */
export function asRecord(value: unknown): Plain {
  return typeof value === 'object' && value !== null ? (value as Plain) : {};
}

/**
 * A number; undefined for anything else.
 * @param value - anything
 * @returns the value itself where it is a number
 */
export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
