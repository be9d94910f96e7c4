import { dims, dropout, matmul } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { attentionWeights } from './weights.js';
import type { MixingOptions } from './weights.js';

/** Settings of {@link softCappedAttention}. */
export interface SoftCappedOptions extends MixingOptions {
  /** Scores stay within ± this. */
  cap: number;
}

/**
 * softmax(cap · tanh(QKᵀ/(√D · cap)) + mask) · V, computed openly: scores of all pairs are held.
 * @param q - `[B, H, T, D]`
 * @param keys - `[B, K, S, D]`
 * @param values - `[B, K, S, D]`
 * @returns `[B, H, T, D]`
 * @see Gemma Team 2024, https://arxiv.org/abs/2408.00118, section 2
 */
export function softCappedAttention(
  q: Tensor,
  keys: Tensor,
  values: Tensor,
  { mask, dropout: probability, cap }: SoftCappedOptions,
): Tensor {
  const { H } = dims(q, 'B H T D', {}, 'softCappedAttention');
  const { K } = dims(values, 'B K S D', {}, 'softCappedAttention');
  const weights = attentionWeights(q, keys, { mask, cap }); // B H T S
  const dropped = probability > 0 ? dropout(weights, probability) : weights;
  return matmul(dropped.to(values.dtype), values.repeatInterleave(H / K, 1));
}
