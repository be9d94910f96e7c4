import type { z } from 'zod';
import type { Zod } from '../../core/index.js';
import { measureHead } from './attention-kernel.js';
import type {
  AttentionVariant,
  HeadMeasures,
  KernelFactory,
  KernelLocation,
  VariantSchema,
} from './attention-kernel.js';
import { differentialScalarAttention } from './differential-scalar.js';
import { differentialV2Attention } from './differential-v2.js';
import { differentialAttention } from './differential.js';
import { logitSoftCapAttention } from './logit-soft-cap.js';
import { slidingWindowAttention } from './sliding-window.js';
import { softmaxAttention } from './softmax.js';

/** The ways to attend by their type: a line here and a file beside this one for each. */
const variants = {
  softmax: softmaxAttention,
  logitSoftCap: logitSoftCapAttention,
  slidingWindow: slidingWindowAttention,
  differential: differentialAttention,
  differentialScalar: differentialScalarAttention,
  differentialV2: differentialV2Attention,
};

type Variants = typeof variants;
type Schemas = { [Type in keyof Variants]: ReturnType<Variants[Type]['schema']> }[keyof Variants];

/** A way to attend and its settings. */
export type AttentionType = z.output<Schemas>;

/**
 * The schema of {@link AttentionType}, for configurations of models.
 * @param z - zod
 * @returns the union of all variants, told apart by `type`
 */
export function attentionSchema(z: Zod): z.ZodDiscriminatedUnion<[Schemas, ...Schemas[]], 'type'> {
  const [first, ...others] = Object.values(variants).map(({ schema }): Schemas => schema(z));
  return z.discriminatedUnion('type', [first!, ...others]);
}

/**
 * Counts the softmax maps of a head, each of which has queries of its own.
 * @param attention - only its `type` is read
 * @returns 1, or 2 for the differential ones
 */
export function countSoftmaxMaps({ type }: AttentionType): number {
  return variants[type].softmaxMaps;
}

/**
 * Measures the queries and keys that a head has by an attention type.
 * @param attention - only its `type` is read
 * @param headWidth - D, of a head's values
 * @returns the queries of a head, the keys of a key head, and the width of each
 */
export function measureAttentionHead(attention: AttentionType, headWidth: number): HeadMeasures {
  return measureHead(findVariant(attention), headWidth);
}

/**
 * Counts the values of the parameters that an attention type has besides the maps and norms of its layer.
 * @param attention - the type and its settings
 * @param location - where its kernel stands
 * @returns a number, 0 for most
 */
export function countKernelParameters(attention: AttentionType, location: KernelLocation): number {
  return findVariant(attention).countParameters?.(location) ?? 0;
}

/**
 * The kernel factory of an attention type, for {@link CausalSelfAttention}.
 * @param attention - the type and its settings
 * @returns the queries and keys of its heads and what creates its kernels
 */
export function resolveAttention(attention: AttentionType): KernelFactory {
  const { schema: _schema, create, countParameters: _count, ...layout } = findVariant(attention);
  return { ...layout, create: (location) => create(attention, location) };
}

function findVariant({ type }: AttentionType): AttentionVariant<VariantSchema> {
  return variants[type];
}
