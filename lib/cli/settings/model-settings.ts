import { deferredSchema, parseConfig } from '../../core/index.js';
import { buildModel, gptConfigSchema, lstmConfigSchema } from '../../models/index.js';
import type { LanguageModel } from '../../models/index.js';

/** An architecture and its sizes; the vocabulary is the tokenizer's. */
export const modelSettingsSchema = deferredSchema((z) =>
  z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('gpt'), ...withoutVocabSize(gptConfigSchema.shape) }),
      z.strictObject({ type: z.literal('lstm'), ...withoutVocabSize(lstmConfigSchema.shape) }),
    ])
    .describe('The architecture.'),
);

function withoutVocabSize<S extends { vocabSize: unknown }>({ vocabSize: _, ...shape }: S): Omit<S, 'vocabSize'> {
  return shape;
}

/**
 * A model with fresh weights.
 *
 * @param settings - as {@link modelSettingsSchema}, `gpt` where no type is named
 * @param defaults - what holds where the settings say nothing
 * @throws ConfigError naming everything that does not fit
 */
export function modelOf(settings: unknown, vocabSize: number, defaults: Record<string, unknown> = {}): LanguageModel {
  const given = { ...defaults, ...(settings ?? { type: 'gpt' }) };
  const { type, ...config } = parseConfig('model', modelSettingsSchema, given, 'model');
  return buildModel(type, { ...config, vocabSize });
}
