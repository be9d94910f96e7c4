import { deferSchema } from '../../core/index.js';

/** Schema of a split; by default a tenth each for validation and test. */
export const splitConfigSchema = deferSchema((z) =>
  z.strictObject({
    by: z
      .enum(['block', 'document'])
      .default('block')
      .describe('Block: one cut row, training first. Document: whole documents, drawn with the seed.'),
    validation: z.number().min(0).lt(1).default(0.1).describe('Share of the validation part.'),
    test: z.number().min(0).lt(1).default(0.1).describe('Share of the test part.'),
    seed: z.int().default(0).describe('Draws the documents.'),
  }),
);
