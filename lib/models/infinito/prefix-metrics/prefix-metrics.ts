import { dims, stack, zeros } from '../../../tensor/index.js';
import type { DType, Tensor } from '../../../tensor/index.js';
import { computeAttentionEntropy } from './attention-entropy.js';
import type { EntropyState } from './attention-entropy.js';
import { computeIntegration, findSpacing } from './integration.js';
import type { IntegrationState } from './integration.js';
import { computeParticipation } from './participation.js';
import type { ParticipationState } from './participation.js';
import type { PrefixPlace } from './prefix-place.js';
import { computeTemporalCoherence } from './temporal-coherence.js';
import type { TemporalState } from './temporal-coherence.js';

/** What the prefix metrics keep between passes: named tensors, the batch in front; zeros at the start of a segment. */
export type PrefixMetricsState = TemporalState & IntegrationState & ParticipationState & EntropyState;

/** The sizes of a {@link PrefixMetricsState}. */
export interface PrefixMetricsSizes {
  /** Rows, B. */
  readonly batch: number;
  /** C. */
  readonly width: number;
  /** M. */
  readonly projected: number;
  /** The most tokens of a segment. */
  readonly segment: number;
  /** Prefix lengths at which integration changes: the length of a chunk, or 1. */
  readonly every: number;
  readonly dtype: DType;
  readonly device: string;
}

/**
 * The state at the start of a segment.
 * @param sizes - of its tensors
 * @returns zeros; rows that start a new segment are set to zero again
 */
export function createPrefixMetricsState(sizes: PrefixMetricsSizes): PrefixMetricsState {
  const { batch, width, projected, segment, every, dtype, device } = sizes;
  const create = (...shape: number[]): Tensor => zeros([batch, ...shape], { dtype, device });
  return {
    unit: create(width),
    cosines: create(),
    origin: create(width),
    sum: create(width),
    sums: create(Math.floor(segment / findSpacing(every)), width),
    projectedOrigin: create(projected),
    moments: create(projected + 1, projected + 1),
    entropies: create(),
  };
}

/** What the prefix metrics are computed from. */
export interface PrefixMetricsInputs {
  /** The states of the tokens, `[B, T, C]`, floating. */
  readonly hidden: Tensor;
  /** Entropies of the rows of attention in nats, before dropout, `[B, H, T]`. */
  readonly entropies: Tensor;
  /** The fixed projection of participation, `[C, M]`. */
  readonly projection: Tensor;
  /** Where the tokens stand in their segment, and where values are wanted. */
  readonly place: PrefixPlace;
  /** Prefix lengths at which integration changes: the length of a chunk, or 1. */
  readonly every: number;
  /** γ of temporal coherence in (0, 1); all pairs weigh the same without it. */
  readonly decay?: number | undefined;
  /** After the tokens of the segment read before; none were without it. */
  readonly state?: PrefixMetricsState | undefined;
}

/**
 * The four components of phi of each prefix; each reads positions up to its own alone.
 * @param inputs - states, entropies and where the tokens stand
 * @returns components in [0, 1], `[B, P, 4]` (temporal, integration, participation, attention), float64 for float64
 *   states, else float32, and the state after the pass
 */
export function computePrefixMetrics(inputs: PrefixMetricsInputs): { components: Tensor; state: PrefixMetricsState } {
  const { hidden, entropies, projection, place, every, decay, state } = inputs;
  const { B, T } = dims(hidden, 'B T C', {}, 'computePrefixMetrics');
  dims(place.lengths, 'B T', { B, T }, 'computePrefixMetrics lengths');
  const parts = [
    computeTemporalCoherence(hidden, place, state, decay),
    computeIntegration(hidden, place, every, state),
    computeParticipation(hidden, projection, place, state),
    computeAttentionEntropy(entropies, place, state),
  ] as const;
  const [temporal, integration, participation, attention] = parts;
  const components = stack(
    parts.map(({ values }) => values.to(temporal.values.dtype)),
    -1,
  );
  return {
    components,
    state: { ...temporal.state, ...integration.state, ...participation.state, ...attention.state },
  };
}
