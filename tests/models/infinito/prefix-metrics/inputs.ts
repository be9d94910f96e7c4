/** Random inputs of the prefix metrics, and the metrics as functions of them. */
import {
  computeAttentionEntropy,
  computeRowEntropy,
} from '../../../../lib/models/infinito/prefix-metrics/attention-entropy.js';
import { computeIntegration } from '../../../../lib/models/infinito/prefix-metrics/integration.js';
import { computeParticipation } from '../../../../lib/models/infinito/prefix-metrics/participation.js';
import { countPrefix } from '../../../../lib/models/infinito/prefix-metrics/prefix-place.js';
import type { PrefixPlace } from '../../../../lib/models/infinito/prefix-metrics/prefix-place.js';
import type { PrefixMetricsState } from '../../../../lib/models/infinito/prefix-metrics/prefix-metrics.js';
import { computeTemporalCoherence } from '../../../../lib/models/infinito/prefix-metrics/temporal-coherence.js';
import { manualSeed, randn } from '../../../../lib/tensor/index.js';
import type { DType, Tensor } from '../../../../lib/tensor/index.js';

export const [B, T, C, M, H] = [3, 19, 8, 5, 2];

export interface Inputs {
  hidden: Tensor;
  entropies: Tensor;
  projection: Tensor;
}

export function drawInputs(dtype: DType = 'float64', length = T): Inputs {
  manualSeed(7);
  const weights = randn([B, H, length, length], { dtype }).tril().exp().tril();
  return {
    hidden: randn([B, length, C], { dtype }).add(0.5),
    entropies: computeRowEntropy(weights.div(weights.sum(-1, { keepdim: true }))),
    projection: randn([C, M], { dtype }),
  };
}

type State = Partial<PrefixMetricsState>;
type Metric = (inputs: Inputs, place: PrefixPlace, state?: State) => { values: Tensor; state: State };

/** Each metric by name. */
export const metrics: Record<string, Metric> = {
  'temporal coherence': ({ hidden }, place, state) =>
    computeTemporalCoherence(hidden, place, state as PrefixMetricsState),
  'decayed coherence': ({ hidden }, place, state) =>
    computeTemporalCoherence(hidden, place, state as PrefixMetricsState, 0.7),
  integration: ({ hidden }, place, state) => computeIntegration(hidden, place, 1, state as PrefixMetricsState),
  'integration every 4': ({ hidden }, place, state) =>
    computeIntegration(hidden, place, 4, state as PrefixMetricsState),
  'integration every 3': ({ hidden }, place, state) =>
    computeIntegration(hidden, place, 3, state as PrefixMetricsState),
  participation: ({ hidden, projection }, place, state) =>
    computeParticipation(hidden, projection, place, state as PrefixMetricsState),
  'attention entropy': ({ entropies }, place, state) =>
    computeAttentionEntropy(entropies, place, state as PrefixMetricsState),
};

export const placeAll = (length = T, batch = B): PrefixPlace => ({ lengths: countPrefix([batch, length], 'cpu') });

export const cut = ({ hidden, entropies, projection }: Inputs, from: number, length: number): Inputs => ({
  hidden: hidden.narrow(1, from, length),
  entropies: entropies.narrow(2, from, length),
  projection,
});

/** The largest |difference|. */
export const distance = (a: Tensor, b: Tensor): number => a.sub(b).abs().max().item();
