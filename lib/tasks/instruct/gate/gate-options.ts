import type { z } from 'zod';
import { deferSchema } from '../../../core/index.js';
import type { Zod } from '../../../core/index.js';

const createShare = (z: Zod) => z.number().min(0);
const createRate = (z: Zod) => z.number().min(0).max(1);

/** What a new version of an adapter has to reach. */
export const gateConfigSchema = deferSchema((z) =>
  z.strictObject({
    regression: createShare(z)
      .default(0.03)
      .describe("Growth of the perplexity on general text over the base's, at most."),
    regressionFile: z
      .string()
      .exactOptional()
      .describe('General text, paragraphs between empty lines. Default: sentences in Spanish and English.'),
    forgetting: createShare(z)
      .default(0.03)
      .describe('Sure growth of the perplexity on each file, and on those of earlier runs together, at most.'),
    trial: z
      .int()
      .min(0)
      .default(8)
      .describe('Updates by each of several new files alone, after which the others are scored; 0 leaves it out.'),
    contradiction: createShare(z)
      .default(0.1)
      .describe('Sure growth of the perplexity on another file by such updates, at most.'),
    endRate: createRate(z).default(0.95).describe('The share of answers that end, at least.'),
    repetition: createRate(z)
      .default(0.2)
      .describe('The share of repeated runs of three tokens in answers stays below.'),
    prompts: z.int().min(0).default(16).describe('Held-out questions that are answered; 0 leaves answers out.'),
    maxTokens: z.int().min(1).default(128).describe('Tokens of an answer, at most.'),
  }),
);

/** Settings of the gate, each with a default. */
export type GateOptions = z.input<typeof gateConfigSchema>;

/** {@link GateOptions} with their defaults. */
export type GateSettings = z.output<typeof gateConfigSchema>;
