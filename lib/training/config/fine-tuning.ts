import { isPretrained } from '../../models/interface/index.js';
import type { Module } from '../../nn/index.js';
import { Optimizer } from '../../optim/interface/index.js';
import type { OptimizerConfigOptions } from '../../optim/index.js';
import type { TrainerOptions } from './trainer-options.js';

/** The rate of a model of so many parameters is `RATE / √parameters`, at most the largest. */
const RATE = 0.25;
const LARGEST_RATE = 1e-3;

/**
 * The optimizer of a model that was trained before: AdamW at a rate that falls with its size, so that what it knows
 * stays. 2e-5 at 135 million parameters, 2.5e-4 at a million.
 * @param parameters - of the model, a positive number
 * @returns the configuration of the optimizer
 */
export function createFineTuningOptimizer(parameters: number): Extract<OptimizerConfigOptions, { type: 'adamw' }> {
  const learningRate = Number(Math.min(LARGEST_RATE, RATE / Math.sqrt(parameters)).toPrecision(2));
  return { type: 'adamw', learningRate, weightDecay: 0.01 };
}

/**
 * Completes the options of a trainer whose model was opened from a folder or a file: of its optimizer, whatever is not
 * named is that of fine-tuning.
 * @param options - of a trainer; a resumed run keeps its own
 * @returns the options; the same ones where the model is fresh or the optimizer is ready-made or of another type
 */
export function completeFineTuning(options: TrainerOptions<Module>): TrainerOptions<Module> {
  const { model, optimizer = {}, resume = false } = options;
  if (resume || optimizer instanceof Optimizer || typeof optimizer === 'function' || !isPretrained(model))
    return options;
  const recipe = createFineTuningOptimizer(model.parameterCount());
  const { type = recipe.type } = optimizer;
  if (type !== recipe.type) return options;
  return { ...options, optimizer: { ...recipe, ...optimizer, type } };
}
