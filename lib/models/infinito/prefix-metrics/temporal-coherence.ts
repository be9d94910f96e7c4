import { arange, bmm, cat, dims, where, zeros } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { findTokenRun, clearPadding, normalizeVectors, pickPositions, sumPrefixes } from './prefix-place.js';
import type { PrefixPlace } from './prefix-place.js';
import { withoutAutocast } from './without-autocast.js';

/** What temporal coherence keeps between passes; zeros at the start of a segment. */
export interface TemporalState {
  /** The last state of the segment, of length 1, `[B, C]`. */
  readonly unit: Tensor;
  /** The sum of the cosines so far, decayed where they are, `[B]`. */
  readonly cosines: Tensor;
}

/**
 * Temporal coherence of each prefix, C₁: ½(1 + the mean cosine of neighbouring states); ½ before the second token.
 * @param hidden - `[B, T, C]`, floating
 * @param place - of the tokens in their segment
 * @param state - after the tokens of the segment read before (default: none were)
 * @param decay - γ in (0, 1): a cosine i tokens back weighs γⁱ (default: all weigh the same)
 * @returns values in [0, 1], `[B, P]`, float64 for float64, else float32, and the state after the pass
 */
export function computeTemporalCoherence(
  hidden: Tensor,
  place: PrefixPlace,
  state?: TemporalState,
  decay?: number,
): { values: Tensor; state: TemporalState } {
  const { B, T, C } = dims(hidden, 'B T C', {}, 'computeTemporalCoherence');
  const units = normalizeVectors(clearPadding(hidden, place.mask)); // B T C
  const first = state?.unit.to(units.dtype) ?? zeros([B, C], { dtype: units.dtype, device: units.device });
  const chain = cat([first.unsqueeze(1), units], 1); // B T+1 C
  const cosines = units.mul(findNeighbours(chain, place)).sum(-1); // B T
  const sums =
    decay === undefined
      ? sumPrefixes(cosines, state?.cosines).narrow(1, 1, T)
      : sumDecayed(cosines, place, decay, state?.cosines);
  const weights = weighPairs(place.lengths.to(units.dtype), decay);
  const values = sums.div(weights).add(1).div(2);
  return {
    values: pickPositions(values, place.at),
    state: { unit: findLast(chain, place), cosines: sums.select(1, T - 1) },
  };
}

/** The state before each token in its segment, `[B, T, C]`: behind padding the last of the passes before. */
function findNeighbours(chain: Tensor, { mask }: PrefixPlace): Tensor {
  const { N } = dims(chain, 'B N C');
  const shifted = chain.narrow(1, 0, N - 1);
  if (mask === undefined || N === 2) return shifted;
  const begins = mask.narrow(1, 1, N - 2).logicalAnd(mask.narrow(1, 0, N - 2).logicalNot()); // B T-1
  const later = where(begins.unsqueeze(-1), chain.narrow(1, 0, 1), shifted.narrow(1, 1, N - 2));
  return cat([shifted.narrow(1, 0, 1), later], 1);
}

/** The last token's vector of each row, `[B, C]`, of a chain `[B, T + 1, C]` that begins with that of the pass before. */
function findLast(chain: Tensor, place: PrefixPlace): Tensor {
  const { N, C } = dims(chain, 'B N C');
  if (place.mask === undefined) return chain.select(1, N - 1);
  const { start, count } = findTokenRun(place);
  const index = where(count.gt(0), start.add(count), 0); // B 1
  return chain.gather(1, index.unsqueeze(2).expand(-1, 1, C)).squeeze(1);
}

/** The weight of all pairs of each prefix: their number, or Σ γⁱ; 1 where there are none. */
function weighPairs(lengths: Tensor, decay: number | undefined): Tensor {
  const pairs = lengths.sub(1).clamp({ min: 1 });
  return decay === undefined
    ? pairs
    : pairs
        .mul(Math.log(decay))
        .exp()
        .neg()
        .add(1)
        .div(1 - decay);
}

/** Σ γ^(n_t − n_i) · cos_i over i ≤ t, and γ^(n_t − n_before) times the sum before. */
function sumDecayed(cosines: Tensor, place: PrefixPlace, decay: number, before?: Tensor): Tensor {
  const { T } = dims(cosines, 'B T');
  const lengths = place.lengths.to(cosines.dtype);
  const raise = (exponents: Tensor): Tensor => exponents.clamp({ min: 0 }).mul(Math.log(decay)).exp();
  const steps = arange(T, { device: cosines.device });
  const seen = steps.unsqueeze(0).le(steps.unsqueeze(1)); // T T
  const powers = where(seen, raise(lengths.unsqueeze(2).sub(lengths.unsqueeze(1))), 0); // B T T
  const sums = withoutAutocast(cosines, () => bmm(powers, cosines.unsqueeze(2)).squeeze(2)); // B T
  if (before === undefined) return sums;
  const since = lengths.sub(findTokenRun(place).before.to(cosines.dtype));
  return sums.add(raise(since).mul(before.to(cosines.dtype).unsqueeze(1)));
}
