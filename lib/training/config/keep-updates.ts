import { raise } from '../../core/index.js';
import type { Module } from '../../nn/index.js';
import { Optimizer } from '../../optim/interface/index.js';
import { preserveWeights } from '../../step/index.js';
import type { TrainerOptions } from './trainer-options.js';

/**
 * The options of a run that say how an update is made, without what bounds, evaluates, schedules and stores it.
 * @param given - of a trainer
 * @returns options that lack a bound
 */
export function keepUpdates<Model extends Module>(given: TrainerOptions<Model>): TrainerOptions<Model> {
  const { model, loss, data, signal, leftOut, ...options } = given;
  const { batchSize, accumulation, order, seed, optimizer, freeze, parameterGroups, maxGradNorm, ...others } = options;
  const { labelSmoothing, zLoss, precision, checkpointing, mode, deterministic, gradientNoise } = others;
  const settings = {
    ...{ batchSize, accumulation, order, seed, optimizer, freeze, parameterGroups, maxGradNorm, labelSmoothing, zLoss },
    ...{ precision, checkpointing, mode, deterministic, gradientNoise },
  };
  const named = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  const inputs = { model, ...(loss && { loss }), data: { train: data.train }, signal, leftOut };
  return { ...inputs, ...named, schedule: { type: 'constant' } };
}

/**
 * Requires an optimizer that a trial makes for itself.
 * @param where - the public function
 * @param optimizer - of the options
 * @throws ArgumentError for a ready-made one, whose state would change
 */
export function expectOwnOptimizer(where: string, optimizer: unknown): void {
  if (!(optimizer instanceof Optimizer)) return;
  const expected = 'the configuration of an optimizer';
  raise('PAL_ARGUMENT', { where, expected, received: 'a ready-made one' });
}

/**
 * Copies a model's weights and remembers what is trained; disposing puts all of it back.
 * @param model - that updates are tried on
 * @returns the copy
 */
export function preserveModel(model: Module): Disposable {
  const trainable = Object.values(model.namedParameters({ trainable: true }));
  const weights = preserveWeights(model);
  return {
    [Symbol.dispose]() {
      for (const tensor of trainable) tensor.requiresGrad = true;
      weights[Symbol.dispose]();
    },
  };
}
