import { dims, noGrad, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';

/** The older phi of a whole sequence and its three parts. */
export interface CovariancePhi {
  /** The trace of the covariance of the projected states. */
  trace: number;
  /** |the mean product of their first and second halves|. */
  crossProduct: number;
  /** The variance of all their entries. */
  variance: number;
  /** 1 − H(mean row of attention) / ln T; 0 without attention. */
  coherence: number;
  /** 2 · (0.4 · trace + 0.4 · cross product + 0.2 · variance), in [0, 10]. */
  phi: number;
}

/**
 * The older phi of three parts, of states projected to half their width and brought to length 1. Every value reads all
 * positions: it is for analysis alone.
 * @param hidden - `[B, T, C]`, floating, T at least 2, without padding
 * @param projection - `[C, D]`, floating, D even: half of C
 * @param attention - weights of a softmax, `[B, H, T, T]` (default: none)
 * @returns plain numbers for each of the B sequences
 */
export function measureCovariancePhi(hidden: Tensor, projection: Tensor, attention?: Tensor): CovariancePhi[] {
  const { B, T, C } = dims(hidden, 'B T C', {}, 'measureCovariancePhi');
  dims(projection, 'C D', { C }, 'measureCovariancePhi projection');
  if (attention !== undefined) dims(attention, 'B H T T', { B, T }, 'measureCovariancePhi attention');
  return noGrad(() =>
    scope(() =>
      Array.from({ length: B }, (_, row) => {
        const projected = hidden.select(0, row).to('float64').matmul(projection.to('float64')); // T D
        return measureParts(projected, attention?.select(0, row).to('float64'));
      }),
    ),
  );
}

function measureParts(projected: Tensor, attention: Tensor | undefined): CovariancePhi {
  const { D } = dims(projected, 'T D');
  const units = projected.div(projected.norm(2, -1, { keepdim: true }).clamp({ min: 1e-12 }));
  const trace = units.variance(0).sum().item();
  const halves = units.narrow(1, 0, D / 2).mul(units.narrow(1, D / 2, D / 2));
  const crossProduct = Math.abs(halves.mean().item());
  const variance = units.variance().item();
  const phi = Math.min(10, 2 * (0.4 * trace + 0.4 * crossProduct + 0.2 * variance));
  return { trace, crossProduct, variance, coherence: measureConcentration(attention), phi };
}

/** 1 − H(mean row) / ln T, of `[H, T, T]`. */
function measureConcentration(attention: Tensor | undefined): number {
  if (attention === undefined) return 0;
  const { T } = dims(attention, 'H T S');
  const mean = attention.mean([0, 1]);
  return (
    1 +
    mean
      .mul(mean.clamp({ min: 1e-300 }).log())
      .sum()
      .div(Math.log(T))
      .item()
  );
}
