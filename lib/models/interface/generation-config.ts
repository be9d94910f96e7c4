import type { z } from 'zod';
import { deferSchema } from '../../core/index.js';

/** Default settings of generation; stored beside the model. */
export const generationConfigSchema = deferSchema((z) =>
  z.strictObject({
    temperature: z.number().min(0).optional().describe('Divides the logits; 0 always takes the likeliest token.'),
    topK: z.int().min(1).optional().describe('Draws among the k likeliest tokens only.'),
    topP: z.number().gt(0).max(1).optional().describe('Draws among the fewest tokens whose probabilities reach p.'),
    minP: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .describe('Draws among tokens at least p times as likely as the likeliest.'),
    typicalP: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .describe('Draws among the tokens whose surprise is nearest to the entropy, until their probabilities reach p.'),
    repetitionPenalty: z
      .number()
      .gt(0)
      .optional()
      .describe('Divides the positive logits of recent tokens and multiplies the negative ones.'),
    repetitionWindow: z
      .union([z.int().min(1), z.literal('all')])
      .optional()
      .describe('How many of the last tokens are recent, or all of them (default 20).'),
    frequencyPenalty: z.number().optional().describe('Subtracted from a logit for each time its token was generated.'),
    presencePenalty: z.number().optional().describe('Subtracted once from the logits of tokens generated before.'),
    noRepeatNgram: z.int().min(1).optional().describe('No n tokens in a row come twice.'),
    suppressTokens: z
      .array(z.int().min(0))
      .optional()
      .describe('Ids never drawn (default: <UNK>, <PAD> and <START> of the tokenizer).'),
    forcedTokens: z.array(z.int().min(0)).optional().describe('Ids that the text begins with.'),
    endTokens: z.array(z.int().min(0)).optional().describe('Ids that end the text (default: <END> of the tokenizer).'),
    minTokens: z.int().min(0).optional().describe('The fewest tokens before one that ends the text.'),
    maxTokens: z.int().min(0).optional().describe('The most tokens to generate.'),
    stop: z.array(z.string().min(1)).optional().describe('Ends the text before any of these.'),
  }),
);

/** Settings of generation that a model folder holds. */
export type GenerationConfig = z.output<typeof generationConfigSchema>;
