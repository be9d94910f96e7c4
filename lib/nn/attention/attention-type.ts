import type { z } from 'zod';
import type { Zod } from '../../core/index.js';
import type { AttentionVariant, KernelFactory, VariantSchema } from './attention-kernel.js';
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
 * Counts the softmax maps of a head, among which its queries and keys are divided.
 * @param attention - only its `type` is read
 * @returns 1, or 2 for `differential`
 */
export function countSoftmaxMaps({ type }: AttentionType): number {
  return variants[type].softmaxMaps;
}

/**
 * The kernel factory of an attention type, for {@link CausalSelfAttention}.
 * @param attention - the type and its settings
 * @returns its softmax maps and what creates its kernels
 */
export function resolveAttention(attention: AttentionType): KernelFactory {
  const { softmaxMaps, create } = variants[attention.type] as unknown as AttentionVariant<VariantSchema>;
  return { softmaxMaps, create: (location) => create(attention, location) };
}
