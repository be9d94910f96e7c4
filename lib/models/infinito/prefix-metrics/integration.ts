import { arange, cat, dims, eye, floorDivide, matmul, where, zeros } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import {
  computeLeastSquares,
  findOrigin,
  findTokenRun,
  clearPadding,
  normalizeVectors,
  pickPositions,
  sumPrefixes,
} from './prefix-place.js';
import type { PrefixPlace } from './prefix-place.js';
import { withoutAutocast } from './without-autocast.js';

/** What integration keeps between passes; zeros at the start of a segment. */
export interface IntegrationState {
  /** The first vector of the segment, from which the others are measured, `[B, C]`. */
  readonly origin: Tensor;
  /** The sum of the vectors so far, `[B, C]`. */
  readonly sum: Tensor;
  /** The sums up to every multiple of {@link findSpacing}, `[B, K, C]`. */
  readonly sums: Tensor;
}

/**
 * The distance of the prefixes whose sums are kept: the ends of quarters are multiples of it.
 * @param every - prefix lengths at which integration changes, a positive integer
 * @returns a positive integer
 */
export function findSpacing(every: number): number {
  return every % 4 === 0 ? every / 4 : 1;
}

/**
 * Integration of each prefix, C₂: the mean |cosine| of the 6 pairs of its 4 quarter means, measured from the mean of the
 * prefix. The j-th quarter of t tokens is (⌊(j − 1)t/4⌋, ⌊jt/4⌋]; ½ before the fourth token.
 * @param hidden - `[B, T, C]`, floating
 * @param place - of the tokens in their segment
 * @param every - it changes at prefixes of multiples of this length and stays between (default 1)
 * @param state - after the tokens of the segment read before (default: none were)
 * @returns values in [0, 1], `[B, P]`, float64 for float64, else float32, and the state after the pass
 * @remarks Centring takes away what all states share, which alone would bring every cosine near 1. What is left of equal
 *   states is their rounding, whose directions would say anything: ε |x₁|² is added to the squared lengths.
 */
export function computeIntegration(
  hidden: Tensor,
  place: PrefixPlace,
  every = 1,
  state?: IntegrationState,
): { values: Tensor; state: IntegrationState } {
  const { T } = dims(hidden, 'B T C', {}, 'computeIntegration');
  const x = clearPadding(hidden, place.mask);
  const origin = findOrigin(x, findTokenRun(place), state?.origin); // B C
  const sums = sumPrefixes(clearPadding(x.sub(origin.unsqueeze(1)), place.mask), state?.sum); // B T+1 C
  const kept = keepBoundaries(sums, place, findSpacing(every), state?.sums); // B K C
  const lengths = floorDivide(pickPositions(place.lengths, place.at), every).mul(every); // B P
  const values = compareQuarters(kept, lengths, { spacing: findSpacing(every), least: computeLeastSquares(origin) });
  return { values, state: { origin, sum: sums.select(1, T), sums: kept } };
}

/** The sums up to the multiples of the spacing, `[B, K, C]`: those of this pass, and those of the passes before. */
function keepBoundaries(sums: Tensor, place: PrefixPlace, spacing: number, before: Tensor | undefined): Tensor {
  const { N, C } = dims(sums, 'B N C');
  const K = before?.size(1) ?? Math.floor((N - 1) / spacing);
  const run = findTokenRun(place);
  const ends = arange(1, K + 1, 1, { dtype: 'int64', device: sums.device }).mul(spacing); // K
  const index = ends
    .sub(run.before)
    .add(run.start)
    .clamp({ min: 0, max: N - 1 }); // B K
  const own = sums.gather(1, index.unsqueeze(2).expand(-1, -1, C));
  if (before === undefined) return own;
  const isNew = ends.gt(run.before).logicalAnd(ends.le(run.total)); // B K
  return where(isNew.unsqueeze(2), own, before.to(sums.dtype));
}

/** The mean |cosine| of the centred quarter means of prefixes of some lengths, `[B, P]`. */
function compareQuarters(
  kept: Tensor,
  lengths: Tensor,
  { spacing, least }: { spacing: number; least: Tensor },
): Tensor {
  const { B, C } = dims(kept, 'B K C');
  const { P } = dims(lengths, 'B P');
  const { device, dtype } = kept;
  const quarters = arange(5, { dtype: 'int64', device });
  const ends = floorDivide(lengths.unsqueeze(2).mul(quarters), 4); // B P 5
  const slots = floorDivide(ends, spacing)
    .reshape(B, P * 5, 1)
    .expand(-1, -1, C);
  const all = cat([zeros([B, 1, C], { dtype, device }), kept], 1);
  const sums = all.gather(1, slots).reshape(B, P, 5, C);
  const spans = ends
    .narrow(2, 1, 4)
    .sub(ends.narrow(2, 0, 4))
    .clamp({ min: 1 })
    .to(dtype)
    .unsqueeze(3); // B P 4 1
  const means = sums
    .narrow(2, 1, 4)
    .sub(sums.narrow(2, 0, 4))
    .div(spans); // B P 4 C
  const whole = sums.narrow(2, 4, 1).div(lengths.clamp({ min: 1 }).to(dtype).reshape(B, P, 1, 1));
  const values = averagePairs(normalizeVectors(means.sub(whole), least.reshape(B, 1, 1, 1)));
  return where(lengths.ge(4), values, 0.5);
}

/** The mean |cosine| of the pairs of 4 vectors of length 1, `[B, P, 4, C]` to `[B, P]`. */
function averagePairs(units: Tensor): Tensor {
  const { dtype, device } = units;
  const cosines = withoutAutocast(units, () => matmul(units, units.transpose(-2, -1))); // B P 4 4
  const others = eye(4, 4, { dtype, device }).neg().add(1);
  return cosines.mul(others).abs().sum([-2, -1]).div(12);
}
