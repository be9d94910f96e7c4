import { dims, dropout, matmul } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { attentionWeights } from './weights.js';
import type { MixingOptions } from './weights.js';

/** Settings of {@link openAttention}. */
export interface OpenAttentionOptions extends MixingOptions {
  /** Scores stay within ± this (default: as they are). */
  cap?: number | undefined;
}

/**
 * softmax(cap · tanh(QKᵀ/(√D · cap)) + mask) · V, computed openly: the weights of all pairs are held, and dropout
 * draws from the environment's own stream.
 * @param q - `[B, H, T, D]`
 * @param keys - `[B, K, S, D]`
 * @param values - `[B, K, S, D]`
 * @returns `[B, H, T, D]`
 * @see Gemma Team 2024, https://arxiv.org/abs/2408.00118, section 2, for the cap
 */
export function openAttention(
  q: Tensor,
  keys: Tensor,
  values: Tensor,
  { mask, dropout: probability, cap }: OpenAttentionOptions,
): Tensor {
  const { H } = dims(q, 'B H T D', {}, 'openAttention');
  const { K } = dims(values, 'B K S D', {}, 'openAttention');
  const weights = attentionWeights(q, keys, { mask, cap }); // B H T S
  const dropped = probability > 0 ? dropout(weights, probability) : weights;
  return matmul(dropped.to(values.dtype), values.repeatInterleave(H / K, 1));
}
