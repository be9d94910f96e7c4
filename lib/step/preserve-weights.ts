import type { Module, NamedTensors } from '../nn/index.js';
import { noGrad, scope } from '../tensor/index.js';

/**
 * Copies the weights and buffers of a model; disposing of the copy puts every one back and clears gradients.
 * @param model - its tensors are copied on their device
 * @returns the copy
 * @example using preserved = preserveWeights(model);
 */
export function preserveWeights(model: Module): Disposable {
  const copies = scope(() => copyState(model.stateDict()));
  return {
    [Symbol.dispose]() {
      model.loadStateDict(copies);
      for (const copy of Object.values(copies)) copy.dispose();
      model.zeroGrad();
    },
  };
}

function copyState(state: NamedTensors): NamedTensors {
  return noGrad(() =>
    Object.fromEntries(Object.entries(state).map(([name, value]) => [name, value.detach().clone().keep()])),
  );
}
