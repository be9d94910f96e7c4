import type { z } from 'zod';
import type { OptionChecks, Zod } from '../../core/index.js';
import { dims, causalAttention, dropout, matmul, scaledDotProductAttention } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { Module } from '../module.js';

/** Settings of one call of an {@link AttentionKernel}. */
export interface AttentionKernelOptions {
  /** True where a query may look, `[T, S]` or `[B, 1, T, S]`; causal without it, the last query seeing every key. */
  mask?: Tensor | undefined;
  /** `[B, T]`, int64: the documents that `mask` keeps apart, where it does no more than that. */
  documents?: Tensor | undefined;
  /** `[T]` or `[B, T]`, int64: the positions of the queries among the keys in the cache; the last ones without it. */
  cachePositions?: Tensor | undefined;
  /** The probability that a weight is dropped. */
  dropout: number;
  /** What {@link AttentionKernel.computeGates} made of the input of the layer. */
  gates?: Tensor | undefined;
}

/** The keys of {@link AttentionKernelOptions}. */
export const attentionKernelKeys: OptionChecks<AttentionKernelOptions> = {
  mask: true,
  documents: true,
  cachePositions: true,
  dropout: true,
  gates: true,
};

/** Computes attention of queries, keys and values: each variant is a class in a file beside this one. */
export abstract class AttentionKernel extends Module {
  /**
   * What the kernel needs of the input of its layer besides queries, keys and values.
   * @param _x - `[B, T, C]`, floating
   * @returns by token, `[B, T, …]`; undefined for a kernel that needs no more
   */
  computeGates(_x: Tensor): Tensor | undefined {
    return undefined;
  }

  /**
   * The attention weights, without fusion.
   * @param q - `[B, H, T, D]`, floating; with two softmax maps a head `[B, 2H, T, D/2]`
   * @param keys - `[B, K, S, D]`, where K divides H; with two maps `[B, 2K, S, D/2]`
   * @param options - mask and positions; dropout isn't applied
   * @returns `[B, H, T, S]`
   */
  abstract weights(q: Tensor, keys: Tensor, options: AttentionKernelOptions): Tensor;

  /**
   * The weighted sum of values for each query.
   * @param q - `[B, H, T, D]`, floating; with two softmax maps a head `[B, 2H, T, D/2]`
   * @param keys - `[B, K, S, D]`, where K divides H; with two maps `[B, 2K, S, D/2]`
   * @param values - `[B, K, S, D]`
   * @param options - mask, positions and the probability of dropout
   * @returns `[B, H, T, D]` in the dtype of `values`
   */
  abstract forward(q: Tensor, keys: Tensor, values: Tensor, options: AttentionKernelOptions): Tensor;

  /**
   * Attention that holds its weights, so that dropout samples from the environment's own generator.
   * @param q - `[B, H, T, D]`, or as {@link AttentionKernel.weights} takes them
   * @param keys - `[B, K, S, D]`, or as {@link AttentionKernel.weights} takes them
   * @param values - `[B, K, S, D]`
   * @param options - mask, positions and the probability of dropout
   * @returns `[B, H, T, D]` in the dtype of `values`
   */
  protected attendUnfused(q: Tensor, keys: Tensor, values: Tensor, options: AttentionKernelOptions): Tensor {
    const weights = this.weights(q, keys, options); // B H T S
    const { H } = dims(weights, 'B H T S');
    const { K } = dims(values, 'B K S D');
    const dropped = options.dropout > 0 ? dropout(weights, options.dropout) : weights;
    return matmul(dropped.to(values.dtype), values.repeatInterleave(H / K, 1));
  }
}

/**
 * Tests if the weights must be held: the fused operator samples its dropout from a generator of its own.
 * @param q - queries, of which only the device is read
 * @param options - only its `dropout` is read
 * @returns true on the CPU where the probability of dropout is above 0
 */
export function needsWeights(q: Tensor, { dropout: probability }: AttentionKernelOptions): boolean {
  return probability > 0 && q.device === 'cpu';
}

/**
 * softmax(scale · QKᵀ + mask) · V, by an operator that holds no weights.
 * @param q - `[B, H, T, D]`, floating
 * @param keys - `[B, K, S, D]` in the dtype of `q`, where K divides H
 * @param values - `[B, K, S, D]` in the dtype of `q`
 * @param options - mask, dropout and scale; without a mask causal, T and S the same or T = 1
 * @param options.documents - `[B, T]`, int64, what the mask was made of: on the CPU each is computed by itself
 * @param options.mask - bool, `[T, S]` or `[B, 1, T, S]`: true where a query may look
 * @param options.dropout - the probability that a weight is dropped, 0 to 1
 * @param options.scale - factor of the scores (default 1/√D)
 * @returns `[B, H, T, D]` in the dtype of `q`
 */
export function attendFused(
  q: Tensor,
  keys: Tensor,
  values: Tensor,
  { mask, documents, dropout: probability, scale }: AttentionKernelOptions & { scale?: number },
): Tensor {
  if (isCausal(q, keys, values, { mask, documents }) && probability === 0 && q.device === 'cpu')
    return causalAttention(q, keys, values, { documents, scale });
  if (isLoneQuery(q, keys) && probability === 0 && q.device === 'cpu')
    return attendLoneQuery(q, keys, values, { mask, scale });
  return scaledDotProductAttention(q, keys, values, {
    mask,
    scale,
    dropout: probability,
    // A lone query comes last and sees every key.
    causal: mask === undefined && q.shape[2] !== 1,
    enableGqa: keys.shape[1] !== q.shape[1],
  });
}

/** Where a kernel stands in a model. */
export interface KernelLocation {
  /** C, the width of the residual stream. */
  width: number;
  /** Query heads, H. */
  heads: number;
  /** D, the width of a head's values. */
  headWidth: number;
  /** The index of the layer, from 0. */
  layer: number;
}

/** The queries and keys of a head. */
export interface HeadLayout {
  /** The softmax maps of a head, each of which has queries of its own. */
  softmaxMaps: number;
  /** The keys of a key head (default: those of one for each map). */
  keyMaps?: number;
  /** `divided`: the maps share the width of a head (default); `whole`: each has all of it. */
  mapWidth?: 'divided' | 'whole';
}

/** A head's queries and keys in numbers. */
export interface HeadMeasures {
  /** Queries of a head: as many as it has softmax maps. */
  queries: number;
  /** Keys of a key head. */
  keys: number;
  /** The width of each. */
  width: number;
}

/**
 * The queries and keys of a head, as numbers.
 * @param layout - of an attention type, or of a kernel from outside
 * @param headWidth - D, of a head's values
 * @returns the queries of a head, the keys of a key head, and the width of each
 */
export function measureHead(
  { softmaxMaps, keyMaps = softmaxMaps, mapWidth = 'divided' }: HeadLayout,
  headWidth: number,
): HeadMeasures {
  return { queries: softmaxMaps, keys: keyMaps, width: mapWidth === 'whole' ? headWidth : headWidth / softmaxMaps };
}

/** A way to attend with its settings, by which a layer creates its kernel. */
export interface KernelFactory extends HeadLayout {
  /** Creates the kernel, its parameters at their initial values. */
  create: (location: KernelLocation) => AttentionKernel;
}

/** The configuration of a variant: an object told apart by its `type`. */
export type VariantSchema = z.ZodObject<{ type: z.ZodLiteral<string> }>;

/** All that layers and configurations know of a way to attend. */
export interface AttentionVariant<Schema extends VariantSchema> extends HeadLayout {
  /** Its settings with their defaults and descriptions. */
  schema: (z: Zod) => Schema;
  /** Creates the kernel, its parameters at their initial values. */
  create: (settings: z.output<Schema>, location: KernelLocation) => AttentionKernel;
  /** The number of values of the kernel's parameters (default 0). */
  countParameters?: (location: KernelLocation) => number;
}

/**
 * Defines a way to attend; its types follow from the schema.
 *
 * @param variant - schema, softmax maps and how the kernel is created
 * @returns the same object
 */
export function defineAttention<Schema extends VariantSchema>(
  variant: AttentionVariant<Schema>,
): AttentionVariant<Schema> {
  return variant;
}

/** Whether queries look back over as many keys, within their documents at most. */
function isCausal(
  { shape: [, , T, D] }: Tensor,
  { shape: [, , S] }: Tensor,
  { shape: [, , , W] }: Tensor,
  { mask, documents }: Pick<AttentionKernelOptions, 'mask' | 'documents'>,
): boolean {
  return (mask === undefined || documents !== undefined) && T === S && T !== 1 && D === W;
}

/** Whether each row has one query, whose heads share keys: a token that is decoded. */
function isLoneQuery({ shape: [, H, T] }: Tensor, { shape: [, K] }: Tensor): boolean {
  return T === 1 && H !== K;
}

/** The heads that share keys as so many queries of one head: one product for all of them in place of one each. */
function attendLoneQuery(
  q: Tensor,
  keys: Tensor,
  values: Tensor,
  options: { mask: Tensor | undefined; scale: number | undefined },
): Tensor {
  const { B, H, D } = dims(q, 'B H 1 D');
  const { K, W } = dims(values, 'B K S W', { B });
  return scaledDotProductAttention(q.reshape([B, K, H / K, D]), keys, values, options).reshape([B, H, 1, W]);
}
