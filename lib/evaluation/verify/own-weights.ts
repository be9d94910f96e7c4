import type { LanguageModel } from '../../models/index.js';
import type { NamedTensors } from '../../nn/index.js';
import { Generator, noGrad, randn, scope } from '../../tensor/index.js';

/** Standard deviation of what {@link perturbWeights} adds. */
const DEVIATION = 0.05;

/** Runs `work`, which may change the weights, and puts every one back; gradients are cleared. */
export function withOwnWeights<T>(model: LanguageModel, work: () => T): T {
  const copies = scope(() => copyTensors(model.stateDict()));
  try {
    return work();
  } finally {
    model.loadStateDict(copies);
    for (const copy of Object.values(copies)) copy.dispose();
    model.zeroGrad();
  }
}

/** Adds noise to every weight, so that maps that start at zero let something through. */
export function perturbWeights(model: LanguageModel, seed: number): void {
  using generator = new Generator(seed);
  noGrad(() => {
    for (const weight of model.parameters()) {
      scope(
        () =>
          void weight.add_(
            randn(weight.shape, { generator }).mul(DEVIATION).to({ dtype: weight.dtype, device: weight.device }),
          ),
      );
    }
  });
}

function copyTensors(state: NamedTensors): NamedTensors {
  return noGrad(() => Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, tensor.clone()])));
}
