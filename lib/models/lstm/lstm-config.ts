import type { z } from 'zod';
import { deferSchema } from '../../core/index.js';
import type { Zod } from '../../core/index.js';
import { MAX_LAYERS, MAX_WIDTH } from '../interface/limits.js';

const sizeSchema = (z: Zod) => z.int().min(1);
const probabilitySchema = (z: Zod) => z.number().min(0).lt(1);

/** The configuration of an {@link LstmLanguageModel}: types, defaults and their description in one place. */
export const lstmConfigSchema = deferSchema((z) =>
  z.strictObject({
    vocabSize: sizeSchema(z).describe('Token ids run from 0 to vocabSize − 1.'),
    embeddingDim: sizeSchema(z).default(128).describe('Width of the token vectors.'),
    width: sizeSchema(z).max(MAX_WIDTH).default(256).describe('Width of each LSTM layer.'),
    layers: sizeSchema(z).max(MAX_LAYERS).default(2).describe('Number of LSTM layers.'),
    dropout: probabilitySchema(z).default(0.3).describe('Dropout after each LSTM layer.'),
    dropoutMask: z
      .enum(['token', 'sequence'])
      .default('token')
      .describe('Whether dropout draws anew at each token, or once a sequence (variational).'),
    recurrentDropout: probabilitySchema(z).default(0).describe('Dropout of the recurrent matrices, drawn once a pass.'),
    tied: z.boolean().default(false).describe('The output shares the table of the input, behind a map to its width.'),
    vocabMultiple: sizeSchema(z)
      .default(1)
      .describe('Rounds the rows of table and output up to a multiple of this; their logits are left out.'),
  }),
);

/** A complete configuration of an {@link LstmLanguageModel}. */
export type LstmModelConfig = z.output<typeof lstmConfigSchema>;

/** The options of {@link LstmLanguageModel}; only `vocabSize` has no default. */
export type LstmModelOptions = z.input<typeof lstmConfigSchema>;

const preset = { embeddingDim: 128, dropout: 0.3, tied: false, vocabMultiple: 8 } as const;

/** Sizes by name: `standard` has two layers of 256 units, `minimal` one of 128; rows are padded to multiples of 8. */
export const lstmPresets = {
  standard: { ...preset, width: 256, layers: 2 },
  minimal: { ...preset, width: 128, layers: 1 },
} as const satisfies Record<string, Omit<LstmModelOptions, 'vocabSize'>>;
