import { Random } from '../../../core/index.js';
import { cat, cumsum, dims, matmul, ones, tensor, where } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { computeLeastSquares, findOrigin, findTokenRun, getStatisticsType, clearPadding } from './prefix-place.js';
import type { PrefixPlace } from './prefix-place.js';
import { withoutAutocast } from './without-autocast.js';

/** What participation keeps between passes; zeros at the start of a segment. */
export interface ParticipationState {
  /** The first projected vector of the segment, from which the others are measured, `[B, M]`. */
  readonly projectedOrigin: Tensor;
  /** Σ yyᵀ of the projected vectors with a 1 at their end, `[B, M + 1, M + 1]`. */
  readonly moments: Tensor;
}

/**
 * A fixed projection to few dimensions: independent entries of ±1/√M, the same on every machine.
 * @param width - C
 * @param projected - M (default 64)
 * @returns `[C, M]`, float32
 * @see Achlioptas 2003, https://doi.org/10.1016/S0022-0000(03)00025-4
 */
export function createProjection(width: number, projected = 64): Tensor {
  const random = new Random(0).split('prefix-metrics', width, projected);
  const scale = 1 / Math.sqrt(projected);
  const values = Float32Array.from({ length: width * projected }, () => (random.float() < 0.5 ? -scale : scale));
  return tensor(values, { shape: [width, projected] });
}

/**
 * Participation of each prefix, C₃: (tr Σ)² / (M · ‖Σ‖²_F), Σ the covariance of its states in a fixed projection; 1/M, the
 * least there is, while nothing varies. So that the rounding of equal states counts as nothing, (ε |y₁|²)² is added to both
 * squares, y₁ the first state in the projection.
 * @param hidden - `[B, T, C]`, floating
 * @param projection - `[C, M]`, floating, fixed
 * @param place - of the tokens in their segment
 * @param state - after the tokens of the segment read before (default: none were)
 * @returns values in [1/M, 1], `[B, P]`, float64 for float64, else float32, and the state after the pass
 */
export function computeParticipation(
  hidden: Tensor,
  projection: Tensor,
  place: PrefixPlace,
  state?: ParticipationState,
): { values: Tensor; state: ParticipationState } {
  const { C } = dims(hidden, 'B T C', {}, 'computeParticipation');
  dims(projection, 'C M', { C }, 'computeParticipation projection');
  return withoutAutocast(hidden, () => {
    const y = matmul(clearPadding(hidden, place.mask), projection.to(getStatisticsType(hidden))); // B T M
    const origin = findOrigin(y, findTokenRun(place), state?.projectedOrigin); // B M
    const centred = appendOnes(y.sub(origin.unsqueeze(1)));
    const sums = sumMoments(clearPadding(centred, place.mask), place.at, state?.moments);
    const values = measureParticipation(sums.wanted, computeLeastSquares(origin));
    return { values, state: { projectedOrigin: origin, moments: sums.last } };
  });
}

/** With a 1 at the end of each vector, so that products also give sums and counts, `[B, T, M + 1]`. */
function appendOnes(y: Tensor): Tensor {
  const { B, T } = dims(y, 'B T M');
  return cat([y, ones([B, T, 1], { dtype: y.dtype, device: y.device })], 2);
}

/** The moments at the wanted positions, `[B, P, M + 1, M + 1]`, and at the last one, `[B, M + 1, M + 1]`. */
function sumMoments(
  y: Tensor,
  at: readonly number[] | undefined,
  before: Tensor | undefined,
): { wanted: Tensor; last: Tensor } {
  const { T } = dims(y, 'B T N');
  const steps = at === undefined ? y.unsqueeze(3).mul(y.unsqueeze(2)) : multiplySpans(y, at); // B S N N
  const first = before === undefined ? [] : [before.to(y.dtype).unsqueeze(1)];
  const sums = cumsum(cat([...first, steps], 1), 1);
  const S = sums.size(1);
  return { wanted: sums.narrow(1, first.length, at?.length ?? T), last: sums.select(1, S - 1) };
}

/** Σ yyᵀ between wanted positions and after the last of them, `[B, S, N, N]`. */
function multiplySpans(y: Tensor, at: readonly number[]): Tensor {
  const { T } = dims(y, 'B T N');
  const ends = at.at(-1) === T - 1 ? at.map((index) => index + 1) : [...at.map((index) => index + 1), T];
  const spans = ends.map((end, i) => y.narrow(1, ends[i - 1] ?? 0, end - (ends[i - 1] ?? 0)));
  return cat(
    spans.map((span) => matmul(span.transpose(1, 2), span).unsqueeze(1)),
    1,
  );
}

/** (tr Σ)² / (M · ‖Σ‖²_F) from moments `[B, P, M + 1, M + 1]`, δ² added to both squares, `[B]`. */
function measureParticipation(moments: Tensor, least: Tensor): Tensor {
  const M = moments.size(-1) - 1;
  const rows = moments.narrow(-2, 0, M);
  const counts = moments.narrow(-2, M, 1).narrow(-1, M, 1).clamp({ min: 1 }); // B P 1 1
  const means = rows.narrow(-1, M, 1).div(counts); // B P M 1
  const covariance = rows
    .narrow(-1, 0, M)
    .div(counts)
    .sub(means.mul(means.transpose(-2, -1)));
  const trace = covariance.diagonal(0, -2, -1).sum(-1); // B P
  const added = least.square().unsqueeze(1); // B 1
  const squares = covariance.square().sum([-2, -1]).add(added);
  const varies = squares.gt(0);
  return where(
    varies,
    trace
      .square()
      .add(added)
      .div(where(varies, squares, 1).mul(M)),
    1 / M,
  );
}
