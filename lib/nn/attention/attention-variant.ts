import type { z } from 'zod';
import type { Zod } from '../../core/index.js';
import type { AttentionKernel } from './attention-kernel.js';

/** Where a kernel stands in a model. */
export interface KernelLocation {
  /** D, the width of a head's values. */
  headWidth: number;
  /** The index of the layer, from 0. */
  layer: number;
}

/** The configuration of a variant: an object told apart by its `type`. */
export type VariantSchema = z.ZodObject<{ type: z.ZodLiteral<string> }>;

/** All that layers and configurations know of a way to attend. */
export interface AttentionVariant<Schema extends VariantSchema> {
  /** Its settings with their defaults and descriptions. */
  schema: (z: Zod) => Schema;
  /** The softmax maps of a head, among which its queries and keys are divided. */
  softmaxMaps: number;
  /** Creates the kernel, its parameters at their initial values. */
  create: (settings: z.output<Schema>, location: KernelLocation) => AttentionKernel;
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
