import type { z } from 'zod';
import { deferredSchema } from '../core/index.js';

/** How text is generated unless a call says otherwise; stored beside the model. */
export const generationConfigSchema = deferredSchema((z) =>
  z.strictObject({
    temperature: z.number().min(0).optional().describe('Divides the logits; 0 always takes the likeliest token.'),
    topK: z.int().min(1).optional().describe('Draws among the k likeliest tokens only.'),
    topP: z.number().gt(0).max(1).optional().describe('Draws among the fewest tokens whose probabilities reach p.'),
    maxTokens: z.int().min(0).optional().describe('The most tokens to generate.'),
    stop: z.array(z.string().min(1)).optional().describe('Ends the text before any of these.'),
  }),
);

/** Settings of generation that a model folder holds. */
export type GenerationConfig = z.output<typeof generationConfigSchema>;
