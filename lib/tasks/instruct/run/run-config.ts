import type { z } from 'zod';
import { deferSchema } from '../../../core/index.js';

/** The settings of a run over a plan that are plain data. */
export const adapterRunConfigSchema = deferSchema((z) =>
  z.strictObject({
    mode: z
      .enum(['mixed', 'sequential'])
      .default('mixed')
      .describe('All files shuffled in each pass, or file after file with a few examples of earlier ones.'),
    learningRate: z.number().gt(0).default(2e-4).describe('The peak of the learning rate of AdamW.'),
    batchSize: z.int().min(1).default(16).describe('Rows of an update.'),
    accumulation: z.int().min(1).default(8).describe('Micro-batches that an update is cut into.'),
    length: z.int().min(2).exactOptional().describe("Positions of a row. Default: 512, at most the model's context."),
    precision: z.enum(['float32', 'bfloat16']).default('float32').describe('The dtype of matrix products.'),
    validation: z
      .number()
      .min(0)
      .lt(1)
      .default(0.05)
      .describe('The share of each file that is held out; at least four examples, at most half.'),
    replay: z.number().min(0).default(0.1).describe('Examples of earlier files in a pass, as a share of its own.'),
    seed: z.int().default(0).describe('Draws first weights, orders and dropout.'),
    checkpointEvery: z.int().min(1).exactOptional().describe('Updates between checkpoints. Default: a tenth of all.'),
    force: z.boolean().default(false).describe('Trains what was trained before, too.'),
    promoteAnyway: z.boolean().default(false).describe('Promotes a version that the gate rejects, and records it.'),
  }),
);

/** Settings of a run that are plain data, each with a default. */
export type AdapterRunOptions = z.input<typeof adapterRunConfigSchema>;
