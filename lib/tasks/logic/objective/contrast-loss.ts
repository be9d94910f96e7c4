import { cat, gather, logsumexp, scatterAdd, zeros } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { targetLabels } from '../sequence/labels.js';

/** By how much the mean log-probability of a symbol is to be higher in the right formula. */
const MARGIN = 0.5;

/** A batch, and what a model says of it. */
export interface ContrastBatch {
  /** `[B, T, V]`, floating */
  logits: Tensor;
  /** `[B, T]`, int64 */
  ids: Tensor;
  /** `[B, T]`, int64, of `encodeLogicRecord` */
  labels: Tensor;
  /** `[B, T]`, int64: a wrong formula stands in the document behind that of the right one. */
  documents: Tensor;
}

/**
 * max(0, m − (ℓ⁺ − ℓ⁻)), summed over the wrong formulas: ℓ is the mean log-probability of the symbols of a formula, ℓ⁺ of
 * the right and ℓ⁻ of the wrong one, each given its own symbols before, and m = 0.5.
 * @param batch - rows of documents
 * @returns a scalar `[]`; 0 where no formula is wrong
 */
export function sumContrastLoss({ logits, ids, labels, documents }: ContrastBatch): Tensor {
  const likelihoods = computeLogLikelihoods(logits, ids); // B T
  const right = computeDocumentMeans(likelihoods, labels.eq(targetLabels.formula), documents);
  const wrong = computeDocumentMeans(likelihoods, labels.eq(targetLabels.wrong), documents);
  const T = ids.shape[1]!;
  // Of each document and the one behind it.
  const margins = right.means.narrow(1, 0, T - 1).sub(wrong.means.narrow(1, 1, T - 1));
  const hinges = margins.neg().add(MARGIN).relu();
  return hinges.maskedFill(wrong.counts.narrow(1, 1, T - 1).eq(0), 0).sum();
}

/** log P of each next token of a row, `[B, T]`; behind the last one stands 0. */
function computeLogLikelihoods(logits: Tensor, ids: Tensor): Tensor {
  const T = ids.shape[1]!;
  const next = ids.narrow(1, 1, T - 1).unsqueeze(-1); // B T-1 1
  const before = logits.narrow(1, 0, T - 1); // B T-1 V
  const likelihoods = gather(before, -1, next).squeeze(-1).sub(logsumexp(before, -1));
  return cat([likelihoods, zeros([ids.shape[0]!, 1], { dtype: likelihoods.dtype, device: ids.device })], 1);
}

/** Means of the values of each document where a mask holds, `[B, T]` by the number of the document, and how many there are. */
function computeDocumentMeans(values: Tensor, mask: Tensor, documents: Tensor): { means: Tensor; counts: Tensor } {
  const none = zeros(values.shape, { dtype: values.dtype, device: values.device });
  const counts = scatterAdd(none, 1, documents, mask.to({ dtype: values.dtype }));
  const sums = scatterAdd(none, 1, documents, values.maskedFill(mask.logicalNot(), 0));
  return { means: sums.div(counts.clamp({ min: 1 })), counts };
}
