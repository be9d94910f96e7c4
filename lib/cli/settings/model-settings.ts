import type { z } from 'zod';
import { deferSchema, isPlainSettings, overlaySettings, parseConfig } from '../../core/index.js';
import type { PlainSettings, Zod } from '../../core/index.js';
import { architectures, findArchitecture } from '../../models/index.js';
import type { Architecture } from '../../models/index.js';
import type { LanguageModel } from '../../models/interface/index.js';

/** Settings without a type are of the first architecture. */
const DEFAULT_SETTINGS = { type: architectures[0]!.kind };

/** The architecture by its kind, and its configuration. */
interface ModelSettings {
  type: string;
  contextLength?: number;
}

/** An architecture and its sizes; the vocabulary is the tokenizer's. */
export const modelSettingsSchema = deferSchema((z) => {
  const [first, ...others] = architectures.map((architecture) => defineKind(z, architecture));
  return z.discriminatedUnion('type', [first!, ...others]).describe('The architecture.');
});

function defineKind(z: Zod, { kind, schema }: Architecture): z.ZodObject<{ type: z.ZodLiteral<string> }> {
  const { vocabSize: _, ...shape } = schema.shape;
  return z.strictObject({ type: z.literal(kind), ...shape });
}

/** A model's settings with all defaults. */
export interface ResolvedModel {
  type: string;
  /** With the size of the vocabulary. */
  config: PlainSettings;
  contextLength: number | undefined;
  /** What the recipe says of the model, beneath what was named. */
  layer: PlainSettings;
}

/**
 * The settings of a model: defaults, over them the recipe's dropout, over both what was named.
 *
 * @param settings - as {@link modelSettingsSchema}, of the first architecture where no type is named
 * @param vocabSize - the number of token ids
 * @param dropout - the share, 0 to 1, that holds where the settings say nothing of it
 * @returns the architecture's kind and its whole configuration
 * @throws ConfigError naming everything that does not fit
 */
export function resolveModelSettings(settings: unknown, vocabSize: number, dropout?: number): ResolvedModel {
  const { type: kind } = parseModelSettings(settings);
  const architecture = findArchitecture('model', kind);
  // A model of one's own may have none.
  const layer =
    dropout === undefined || !('dropout' in architecture.schema.shape)
      ? {}
      : { dropout: architecture.toDropout(dropout) };
  const named = isPlainSettings(settings) ? settings : {};
  const { type, ...config } = parseModelSettings(overlaySettings(layer, { ...named, type: kind }));
  return { type, config: { ...config, vocabSize }, contextLength: config.contextLength, layer };
}

/**
 * A model with fresh weights.
 *
 * @param model - its settings, resolved
 * @returns the model
 * @throws ConfigError naming everything that does not fit
 */
export function createModel(model: ResolvedModel): LanguageModel {
  return findArchitecture('model', model.type).build(model.config);
}

/** The most tokens that the model of such settings can see; undefined where there is no limit. */
export function resolveContextLength(settings: unknown): number | undefined {
  return parseModelSettings(settings).contextLength;
}

function parseModelSettings(settings: unknown): ModelSettings {
  return parseConfig('model', modelSettingsSchema, settings ?? DEFAULT_SETTINGS, 'model');
}
