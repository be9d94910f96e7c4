import { cat, noGrad } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';

/** The least share of a step in the running mean and variance. */
const LEAST_RATE = 0.01;

/** Running statistics of phi, scalars `[]` that change in place. */
export interface PhiStatistics {
  mean: Tensor;
  variance: Tensor;
  /** Steps that were counted. */
  updates: Tensor;
}

/**
 * Moves running statistics by the chunks of a step: the mean over the first hundred steps, later ones count 1 %.
 * @param statistics - changed in place
 * @param pieces - of the step: phi, and which chunks count, `[B, J]` each; without any nothing moves
 */
export function movePhiStatistics(
  statistics: PhiStatistics,
  pieces: readonly { phi: Tensor; completes: Tensor }[],
): void {
  noGrad(() => {
    const join = (of: (piece: { phi: Tensor; completes: Tensor }) => Tensor): Tensor => cat(pieces.map(of), 1);
    const phi = join((piece) => piece.phi);
    const counted = join(({ completes }) => completes).to(phi.dtype);
    const count = counted.sum();
    const divisor = count.clamp({ min: 1 });
    const mean = phi.mul(counted).sum().div(divisor);
    const variance = phi.sub(mean).mul(counted).square().sum().div(divisor);
    const any = count.gt(0).to(phi.dtype);
    const { updates } = statistics;
    const rate = updates.to(phi.dtype).add(1).reciprocal().clamp({ min: LEAST_RATE }).mul(any);
    move(statistics.mean, mean, rate);
    move(statistics.variance, variance, rate);
    updates.add_(any.to(updates.dtype));
  });
}

function move(held: Tensor, value: Tensor, rate: Tensor): void {
  held.add_(value.sub(held.to(value.dtype)).mul(rate).to(held.dtype));
}
