import { checkOptions } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { dims, matmul, ones } from '../../tensor/index.js';
import type { DType, Tensor } from '../../tensor/index.js';

/** Settings of {@link computeAttentionWeights}. */
export interface AttentionWeightsOptions {
  /** True where a query may look; causal without it, the last query seeing every key. */
  mask?: Tensor | undefined;
  /** Scores stay within ± this: cap · tanh(score / cap). */
  cap?: number | undefined;
}

/** The keys of {@link AttentionWeightsOptions}. */
export const attentionWeightsKeys: OptionChecks<AttentionWeightsOptions> = { mask: true, cap: true };

/**
 * The softmax weights that attention mixes values with, computed openly.
 * @param q - `[B, H, T, D]`, floating
 * @param keys - `[B, K, S, D]` in the dtype of `q`, where K divides H
 * @param options - without a mask causal, without a cap unbounded
 * @param options.mask - bool, to be broadcast to `[B, H, T, S]`: true where a query may look
 * @param options.cap - above 0: scores stay within ± this
 * @returns `[B, H, T, S]` in the dtype of `q`; each row sums to 1, or to 0 where the mask hides every key
 */
export function computeAttentionWeights(q: Tensor, keys: Tensor, options: AttentionWeightsOptions = {}): Tensor {
  const { mask, cap } = checkOptions('computeAttentionWeights', options, attentionWeightsKeys);
  const { H, T, D } = dims(q, 'B H T D');
  const { K, S } = dims(keys, 'B K S D', { D });
  const allKeys = keys.repeatInterleave(H / K, 1); // B H S D
  const scores = matmul(q, allKeys.transpose(-2, -1)).div(Math.sqrt(D)); // B H T S
  const capped = cap === undefined ? scores : scores.div(cap).tanh().mul(cap);
  if (mask === undefined) return capped.maskedFill(causalMask(T, S, q.device).logicalNot(), -Infinity).softmax(-1);
  // A query may see nothing: it then mixes nothing, where −∞ throughout would give NaN.
  const hidden = mask.logicalNot();
  return capped
    .maskedFill(hidden, LOWEST[q.dtype] ?? -Infinity)
    .softmax(-1)
    .maskedFill(hidden, 0);
}

/** The lowest finite values of floating dtypes. */
const LOWEST: Partial<Record<DType, number>> = {
  float64: -Number.MAX_VALUE,
  float32: -3.4028234663852886e38,
  bfloat16: -3.3895313892515355e38,
  float16: -65504,
};

/**
 * True where query i of the last T positions may look at position j of S: j ≤ i + S − T.
 * @param T - queries, at most S
 * @param S - keys
 * @param device - of the mask, as `cpu` or `cuda:0`
 * @returns `[T, S]`, bool
 */
export function causalMask(T: number, S: number, device: string): Tensor {
  return ones([T, S], { dtype: 'bool', device }).tril(S - T);
}

/**
 * A causal mask that also keeps packed documents apart.
 * @param documents - `[B, T]`, int64, the document each token belongs to
 * @returns `[B, 1, T, T]`, bool, on the device of `documents`
 */
export function documentMask(documents: Tensor): Tensor {
  const { T } = dims(documents, 'B T');
  const same = documents.unsqueeze(2).eq(documents.unsqueeze(1)); // B T T
  return same.logicalAnd(causalMask(T, T, documents.device)).unsqueeze(1);
}
