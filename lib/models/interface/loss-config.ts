import type { z } from 'zod';
import { deferSchema } from '../../core/index.js';

/** The terms of the training loss; evaluation takes the plain cross-entropy whatever they are. */
export const lossConfigSchema = deferSchema((z) =>
  z.strictObject({
    labelSmoothing: z.number().min(0).lt(1).default(0).describe('ε of the smoothed loss.'),
    zLoss: z.number().min(0).default(0).describe('Factor of the squared log-partition, as 1e-4.'),
  }),
);

/** The terms of the training loss. */
export type LossConfig = z.output<typeof lossConfigSchema>;
