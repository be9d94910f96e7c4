import { cat, tensor } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { computeRowEntropy } from './attention-entropy.js';
import { createProjection } from './participation.js';
import { combinePhi } from './phi.js';
import { countPrefix } from './prefix-place.js';
import { computePrefixMetrics } from './prefix-metrics.js';

/** Weights of the components of phi at the start: temporal, integration, participation, attention. */
export const PHI_WEIGHTS = [0.3, 0.3, 0.2, 0.2];

/**
 * Phi of each prefix of sequences that each begin a segment, to look at: at chunk ends it is the phi of the memory.
 * @param hidden - the states of the tokens, `[B, T, C]`, floating
 * @param attention - weights of some blocks, `[B, H, T, T]` each, before dropout
 * @param logits - of the weights of the components, `[4]` (default: of 0.3, 0.3, 0.2 and 0.2)
 * @returns the components temporal, integration, participation and attention, `[B, T, 4]`, and phi, `[B, T]`
 */
export function measurePrefixPhi(
  hidden: Tensor,
  attention: readonly Tensor[],
  logits?: Tensor,
): { components: Tensor; phi: Tensor } {
  const [B, T, C] = hidden.shape as [number, number, number];
  const entropies = attention.map((weights) => computeRowEntropy(weights));
  const { components } = computePrefixMetrics({
    ...{ hidden, every: 1, entropies: cat(entropies, 1) },
    projection: createProjection(C, Math.min(64, C)),
    place: { lengths: countPrefix([B, T], hidden.device) },
  });
  return { components, phi: combinePhi(components, logits ?? tensor(PHI_WEIGHTS.map(Math.log))) };
}
