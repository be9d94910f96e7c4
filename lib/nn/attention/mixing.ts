import { scaledDotProductAttention } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { openAttention } from './open-attention.js';
import type { MixingOptions } from './weights.js';

/** How scores become a mixture of values: a line here and a file beside this one for each. */
export type AttentionType =
  | { type: 'softmax' }
  /** Scores within ± `cap`. */
  | { type: 'softCapped'; cap: number };

/**
 * The mixture of values for each query.
 * @param q - `[B, H, T, D]`
 * @param keys - `[B, K, S, D]`, where K divides H
 * @param values - `[B, K, S, D]`
 * @returns `[B, H, T, D]`
 */
export type Mixing = (q: Tensor, keys: Tensor, values: Tensor, options: MixingOptions) => Tensor;

/** The function of an attention type. */
export function mixingOf(attention: AttentionType): Mixing {
  if (attention.type === 'softmax') return softmaxAttention;
  return (q, keys, values, options) => openAttention(q, keys, values, { ...options, cap: attention.cap });
}

const softmaxAttention: Mixing = (q, keys, values, options) => {
  // The fused operator holds no weights, but would draw its dropout from a stream that can't be stored.
  if (options.dropout > 0 && q.device === 'cpu') return openAttention(q, keys, values, options);
  return scaledDotProductAttention(q, keys, values, {
    ...options,
    // A lone query comes last and sees every key.
    causal: options.mask === undefined && q.shape[2] !== 1,
    enableGqa: keys.shape[1] !== q.shape[1],
  });
};
