import type { z } from 'zod';
import type { Zod } from '../../core/index.js';

/**
 * Noise after each block in training: none, or Gaussian of some scale.
 * @param z - the builder of schemas
 * @returns variants by type
 */
export const noiseSchema = (z: Zod) =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none') }),
    z.strictObject({
      type: z.literal('fixed'),
      scale: z.number().gt(0).default(0.1).describe('Standard deviation.'),
    }),
    z.strictObject({
      type: z.literal('cosine'),
      from: z.number().gt(0).default(0.3).describe('Standard deviation in the first pass of training.'),
      to: z.number().min(0).default(0.05).describe('Standard deviation from the last of the passes on.'),
      passes: z.int().min(1).default(10_000).describe('Passes of training over which it falls.'),
    }),
    z.strictObject({
      type: z.literal('learned'),
      scale: z.number().gt(0).default(0.1).describe('Standard deviation at the start.'),
    }),
  ]);

/** The settings of noise. */
export type NoiseConfig = z.output<ReturnType<typeof noiseSchema>>;

/** The settings of noise that there is. */
export type ActiveNoiseConfig = Exclude<NoiseConfig, { type: 'none' }>;
