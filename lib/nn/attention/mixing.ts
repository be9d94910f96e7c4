import { dims, dropout, matmul, scaledDotProductAttention } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { Module } from '../module.js';

/** What attention sees besides queries, keys and values. */
export interface MixingOptions {
  /** True where a query may look, `[T, S]` or `[B, 1, T, S]`; causal without it, the last query seeing every key. */
  mask?: Tensor | undefined;
  /** `[T]`, int64: where the queries stand among the keys; at their end without it. */
  places?: Tensor | undefined;
  /** The probability that a weight is dropped. */
  dropout: number;
}

/** A way to make a mixture of values of queries and keys: a class each, in a file beside this one. */
export abstract class Mixing extends Module {
  /**
   * The weights that values are mixed with, computed openly.
   * @param q - `[B, H, T, D]`
   * @param keys - `[B, K, S, D]`, where K divides H
   * @returns `[B, H, T, S]`
   */
  abstract weights(q: Tensor, keys: Tensor, options: MixingOptions): Tensor;

  /**
   * The mixture of values for each query.
   * @param values - `[B, K, S, D]`
   * @returns `[B, H, T, D]`
   */
  abstract forward(q: Tensor, keys: Tensor, values: Tensor, options: MixingOptions): Tensor;

  /** The mixture by weights that are held, whose dropout draws from the environment's own stream. */
  protected open(q: Tensor, keys: Tensor, values: Tensor, options: MixingOptions): Tensor {
    const weights = this.weights(q, keys, options); // B H T S
    const { H } = dims(weights, 'B H T S');
    const { K } = dims(values, 'B K S D');
    const dropped = options.dropout > 0 ? dropout(weights, options.dropout) : weights;
    return matmul(dropped.to(values.dtype), values.repeatInterleave(H / K, 1));
  }
}

/** Whether weights have to be held: the operator that holds none would draw its dropout from a stream of its own. */
export function mustHoldWeights(q: Tensor, { dropout: probability }: MixingOptions): boolean {
  return probability > 0 && q.device === 'cpu';
}

/**
 * softmax(scale · QKᵀ + mask) · V, by an operator that holds no weights.
 * @param q - `[B, H, T, D]`
 * @param keys - `[B, K, S, D]`
 * @param values - `[B, K, S, D]`
 * @returns `[B, H, T, D]`
 */
export function fusedAttention(
  q: Tensor,
  keys: Tensor,
  values: Tensor,
  { mask, dropout: probability, scale }: MixingOptions & { scale?: number },
): Tensor {
  return scaledDotProductAttention(q, keys, values, {
    mask,
    scale,
    dropout: probability,
    // A lone query comes last and sees every key.
    causal: mask === undefined && q.shape[2] !== 1,
    enableGqa: keys.shape[1] !== q.shape[1],
  });
}
