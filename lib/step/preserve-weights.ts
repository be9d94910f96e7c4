import type { Module, NamedTensors } from '../nn/index.js';
import { noGrad, scope } from '../tensor/index.js';

/** Copies of the weights and buffers of a model; disposing frees them. */
export interface WeightCopy extends Disposable {
  /** By name, on their devices; whoever loads them copies them. */
  readonly tensors: NamedTensors;
}

/**
 * Copies the weights and buffers of a model.
 * @param model - its tensors are copied on their device
 * @returns the copies
 * @example using copy = copyWeights(model);
 */
export function copyWeights(model: Module): WeightCopy {
  const tensors = noGrad(() =>
    Object.fromEntries(
      Object.entries(model.stateDict()).map(([name, value]) => [name, scope(() => value.detach().clone()).keep()]),
    ),
  );
  return {
    tensors,
    [Symbol.dispose]() {
      for (const copy of Object.values(tensors)) copy.dispose();
    },
  };
}

/**
 * Copies the weights and buffers of a model; disposing of the copy puts every one back and clears gradients.
 * @param model - its tensors are copied on their device
 * @returns the copy
 * @example using preserved = preserveWeights(model);
 */
export function preserveWeights(model: Module): Disposable {
  const copy = copyWeights(model);
  return {
    [Symbol.dispose]() {
      model.loadStateDict(copy.tensors);
      copy[Symbol.dispose]();
      model.zeroGrad();
    },
  };
}
