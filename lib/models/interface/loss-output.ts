import { noGrad } from '../../tensor/index.js';
import type { SummedLoss, Tensor } from '../../tensor/index.js';

/**
 * The loss of a batch. All values are 0-dim and summed over the positions that count, so that micro-batches and splits
 * add up; they are reported a position.
 */
export interface LossOutput extends SummedLoss {
  /** Further terms of the objective by name, as that of a router or a memory: differentiated with the loss, and reported. */
  auxiliary?: Readonly<Record<string, Tensor>> | undefined;
  /** Figures that are reported only, by name. */
  metrics?: Readonly<Record<string, Tensor>> | undefined;
}

/** What a model reports of a pass beside its loss, a position: scalars `[]`. */
export type PositionReport = Pick<LossOutput, 'auxiliary' | 'metrics'>;

/**
 * A loss with what its model reports a position.
 * @param loss - scalars `[]`
 * @param report - none leaves the loss as it is
 * @returns the same loss; auxiliary terms and metrics summed over the positions that count, too
 */
export function addReport(loss: LossOutput, report: PositionReport | undefined): LossOutput {
  if (report === undefined) return loss;
  const { auxiliary, metrics } = report;
  const sum = (values: Readonly<Record<string, Tensor>>): Record<string, Tensor> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.mul(loss.count)]));
  return {
    ...loss,
    ...(auxiliary && { auxiliary: sum(auxiliary) }),
    ...(metrics && { metrics: noGrad(() => sum(metrics)) }),
  };
}

/**
 * The objective that is differentiated: the loss with its auxiliary terms, times a factor.
 * @param loss - scalars `[]` with gradients, summed over the positions that count
 * @param scale - the factor (default: 1 / the positions that count)
 * @returns a scalar `[]` in the dtype of the sum
 */
export function scaleLoss(loss: LossOutput, scale: Tensor | number | undefined): Tensor {
  const { lossSum, count, auxiliary = {} } = loss;
  const total = Object.values(auxiliary).reduce((sum, term) => sum.add(term), lossSum);
  return scale === undefined ? total.div(count) : total.mul(scale);
}

/**
 * The same values without gradients.
 * @param loss - scalars `[]`
 * @returns scalars `[]` of the same names, which share memory with those given
 */
export function detachLoss({ lossSum, count, auxiliary, metrics }: LossOutput): LossOutput {
  return {
    lossSum: lossSum.detach(),
    count,
    ...(auxiliary && { auxiliary: detachAll(auxiliary) }),
    ...(metrics && { metrics: detachAll(metrics) }),
  };
}

function detachAll(values: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.detach()]));
}
