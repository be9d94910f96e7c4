import { arange, gather, logSoftmax, scatterAdd, zeros } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { targetLabels } from '../sequence/labels.js';

/** What both say of a batch. */
export interface TaughtBatch {
  /** `[B, T, V]`, floating, of the model that learns */
  student: Tensor;
  /** `[B, T, V]`, floating, of the model that it learns from */
  teacher: Tensor;
  /** `[B, T]`, int64, of `encodeTaught`: in each row as many formula symbols as taught ones, in one order */
  labels: Tensor;
}

/** T: probabilities are compared softened by it. */
const TEMPERATURE = 2;

/**
 * KL(teacher ‖ student) · T², summed over the symbols of formulas: how far a model that has not written the reasoning is
 * from one that has, both at T = 2.
 *
 * @param batch - logits of both
 * @returns a scalar `[]`; 0 where nothing is taught
 * @see Hinton et al., Distilling the Knowledge in a Neural Network (2015), section 2: T² keeps gradients as large
 */
export function sumTeacherLoss({ student, teacher, labels }: TaughtBatch): Tensor {
  const isOwn = labels.eq(targetLabels.formula); // B T
  const places = pairPlaces(isOwn, labels.eq(targetLabels.taught)).unsqueeze(-1).expand(teacher.shape); // B T V
  const own = soften(student); // B T V
  const wanted = soften(gather(teacher, 1, places)); // B T V
  const divergence = wanted.exp().mul(wanted.sub(own)).sum(-1); // B T
  return divergence
    .maskedFill(isOwn.logicalNot(), 0)
    .sum()
    .mul(TEMPERATURE ** 2);
}

/** For the n-th place of each row where the first mask holds, the n-th where the second does, `[B, T]`; else any. */
function pairPlaces(first: Tensor, second: Tensor): Tensor {
  const [B, T] = first.shape as [number, number];
  const all = arange(T, { dtype: 'int64', device: first.device }).expand([B, T]);
  const place = all.maskedFill(second.logicalNot(), 0);
  const none = zeros([B, T + 1], { dtype: 'int64', device: first.device });
  return gather(scatterAdd(none, 1, countPlaces(second), place), 1, countPlaces(first));
}

/** Which place of its row it is at which a mask holds, from 1; where it doesn't hold, 0. */
function countPlaces(mask: Tensor): Tensor {
  return mask.to({ dtype: 'int64' }).cumsum(1).maskedFill(mask.logicalNot(), 0);
}

function soften(logits: Tensor): Tensor {
  return logSoftmax(logits.to('float32').div(TEMPERATURE), -1);
}
