import type { z } from 'zod';
import { deferSchema, parseConfig } from '../../core/index.js';
import { buildModel, gptConfigSchema, lstmConfigSchema } from '../../models/index.js';
import type { LanguageModel } from '../../models/index.js';

const GPT = { type: 'gpt' } as const;

/** An architecture and its sizes; the vocabulary is the tokenizer's. */
export const modelSettingsSchema = deferSchema((z) =>
  z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('gpt'), ...omitVocabSize(gptConfigSchema.shape) }),
      z.strictObject({ type: z.literal('lstm'), ...omitVocabSize(lstmConfigSchema.shape) }),
    ])
    .describe('The architecture.'),
);

function omitVocabSize<S extends { vocabSize: unknown }>({ vocabSize: _, ...shape }: S): Omit<S, 'vocabSize'> {
  return shape;
}

/**
 * A model with fresh weights.
 *
 * @param settings - as {@link modelSettingsSchema}, `gpt` where no type is named
 * @param dropout - what holds where the settings say nothing of it
 * @throws ConfigError naming everything that does not fit
 */
export function createModel(settings: unknown, vocabSize: number, dropout?: number): LanguageModel {
  const { type, ...config } = parseModelSettings(settings ?? GPT);
  const saysNothing = dropout === undefined || Object.hasOwn(settings ?? {}, 'dropout');
  return buildModel(type, { ...config, ...(!saysNothing && { dropout: resolveDropout(type, dropout) }), vocabSize });
}

/** Dropout where it costs little: that of attention weights doubles the time of a Gpt's step, and gains nothing. */
function resolveDropout(type: 'gpt' | 'lstm', share: number): number | { embedding: number; residual: number } {
  return type === 'lstm' || share === 0 ? share : { embedding: share, residual: share };
}

/** The most tokens that the model of such settings can see; undefined where there is no limit. */
export function resolveContextLength(settings: unknown): number | undefined {
  const config = parseModelSettings(settings ?? GPT);
  return 'contextLength' in config ? config.contextLength : undefined;
}

function parseModelSettings(settings: unknown): z.output<typeof modelSettingsSchema> {
  return parseConfig('model', modelSettingsSchema, settings, 'model');
}
