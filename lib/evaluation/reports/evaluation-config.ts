import type { z } from 'zod';
import { deferSchema } from '../../core/index.js';
import type { Zod } from '../../core/index.js';
import { generationConfigSchema } from '../../models/interface/index.js';

const createCountSchema = (z: Zod) => z.int().min(1);

/** The schema of the settings of scoring. */
export const scoringConfigSchema = deferSchema((z) =>
  z.strictObject({
    context: createCountSchema(z)
      .exactOptional()
      .describe('The most tokens a model sees (default: its context length).'),
    stride: createCountSchema(z).exactOptional().describe('Tokens predicted a window; fewer give each more context.'),
    batchSize: createCountSchema(z).exactOptional().describe('Windows at a time.'),
    stateful: z.boolean().exactOptional().describe('Carries the state of a recurrent model from window to window.'),
    startToken: z.int().min(0).exactOptional().describe('Id put before each document, so that its first token counts.'),
    dynamic: z
      .strictObject({
        learningRate: z.number().gt(0).describe('Step size of gradient descent.'),
        maxGradNorm: z.number().gt(0).exactOptional().describe('The most that the norm of all gradients may be.'),
      })
      .exactOptional()
      .describe('Lets the model learn from what it has scored; its weights are as before in the end.'),
  }),
);

const createSmoothingSchema = (z: Zod) => {
  const value = z.number().min(0).exactOptional();
  return z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none') }),
    z.strictObject({ type: z.literal('exp') }),
    z.strictObject({ type: z.literal('floor'), value: value.describe('Matches in place of none (default 0.1).') }),
    z.strictObject({ type: z.literal('addK'), value: value.describe('More matches and n-grams (default 1).') }),
  ]);
};

const createGoalSchema = (z: Zod) =>
  z.strictObject({
    min: z.number().exactOptional().describe('The lowest value that will do.'),
    max: z.number().exactOptional().describe('The highest value that will do.'),
  });

/** The schema of {@link EvaluationConfig}. */
export const evaluationConfigSchema = deferSchema((z) =>
  z.strictObject({
    metrics: z
      .array(z.enum(['perplexity', 'bleu', 'generation']))
      .exactOptional()
      .describe('What is measured (default: all that the documents allow).'),
    prompts: z.array(z.string().min(1)).exactOptional().describe('Openings to continue (default: ten in English).'),
    settings: z
      .record(z.string(), generationConfigSchema.extend({ samples: createCountSchema(z).describe('Texts a prompt.') }))
      .exactOptional()
      .describe('Ways to continue them, by name (default: conservative and creative).'),
    scoring: scoringConfigSchema.exactOptional().describe('How documents are scored.'),
    completions: z
      .strictObject({
        passages: createCountSchema(z).exactOptional().describe('Passages taken from the documents (default 50).'),
        promptWords: createCountSchema(z).exactOptional().describe('Words that are given (default 20).'),
        completionWords: createCountSchema(z).exactOptional().describe('Words that are to follow (default 20).'),
        settings: generationConfigSchema.exactOptional().describe('How the model writes (default: greedy).'),
        smoothing: createSmoothingSchema(z)
          .exactOptional()
          .describe('What takes the place of a precision of 0 (default exp).'),
      })
      .exactOptional()
      .describe('How BLEU is measured: true completions of passages of the documents.'),
    goals: z
      .record(z.string(), createGoalSchema(z))
      .exactOptional()
      .describe('Bounds of figures by their path in the report, such as scores.perplexity.'),
    seed: z.int().min(0).exactOptional().describe('The same seed gives the same texts (default 0).'),
  }),
);

/** The options of `evaluateModel` that are plain data. */
export type EvaluationConfig = z.output<typeof evaluationConfigSchema>;
