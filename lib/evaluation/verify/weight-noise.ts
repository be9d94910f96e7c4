import type { LanguageModel } from '../../models/interface/index.js';
import { Generator, noGrad, randn, scope } from '../../tensor/index.js';

/** Standard deviation of the noise. */
const STD = 0.05;

/** Adds normal noise to every weight, so that maps that start at zero let something through. */
export function perturbWeights(model: LanguageModel, seed: number): void {
  using generator = new Generator(seed);
  noGrad(() => {
    for (const weight of model.parameters()) {
      scope(
        () =>
          void weight.add_(
            randn(weight.shape, { generator }).mul(STD).to({ dtype: weight.dtype, device: weight.device }),
          ),
      );
    }
  });
}
