import { formatSuggestion, raise, show } from '../../core/index.js';
import { gptArchitecture } from '../gpt/gpt-architecture.js';
import { infinitoArchitecture } from '../infinito/infinito-architecture.js';
import type { Architecture } from '../interface/architecture.js';
import type { LanguageModel, LanguageModelConfig } from '../interface/language-model.js';
import { lstmArchitecture } from '../lstm/lstm-architecture.js';
import type { Convention } from './hugging-face/convention.js';

const registered: Architecture[] = [gptArchitecture, lstmArchitecture, infinitoArchitecture];

/** Every architecture; command line, presets, checks of sizes and conversions derive from this list. */
export const architectures: readonly Architecture[] = registered;

/** What must be known of an architecture to train, store and open its models; the rest has defaults. */
export type ModelDescription = Pick<Architecture, 'kind' | 'schema' | 'build'> & Partial<Architecture>;

/**
 * Makes an architecture known: its models are built by name, and the folders that `saveModel` and the trainer write of
 * them are opened by `loadModel` and `Trainer.resume`.
 *
 * @param description - kind, schema of the configuration and what builds a model; by default it has no presets and no
 *   Hugging Face layouts, and its folders are opened without a check of sizes before
 * @throws ArgumentError for a kind that is known already
 * @example registerModel({ kind: 'mine', schema, build: (config) => new MyModel(schema.parse(config)) });
 */
export function registerModel(description: ModelDescription): void {
  const { kind } = description;
  if (listKinds().includes(kind)) {
    raise('PAL_ARGUMENT', { where: 'registerModel', expected: 'a kind of its own', received: show(kind) });
  }
  registered.push({ ...optional, ...description });
}

/** What a description may leave out. */
const optional: Omit<Architecture, 'kind' | 'schema' | 'build'> = {
  measureLeastSize: () => ({ layers: 0, numbers: 0 }),
  toDropout: (share) => share,
  presets: {},
  huggingFace: [],
};

function listKinds(): string[] {
  return architectures.map(({ kind }) => kind);
}

/**
 * Finds an architecture by its name.
 *
 * @param where - named in the error
 * @param kind - of one of {@link architectures}
 * @returns its entry in {@link architectures}
 * @throws ConfigError for an unknown kind
 */
export function findArchitecture(where: string, kind: string): Architecture {
  const found = architectures.find((architecture) => architecture.kind === kind);
  if (found !== undefined) return found;
  raise('PAL_CONFIG', {
    where,
    expected: `one of ${listKinds().join(', ')}`,
    received: JSON.stringify(kind),
    fix: `${formatSuggestion(kind, listKinds())} Others are made known by registerModel, on the command line with --import FILE.`.trim(),
  });
}

/**
 * Builds a model with fresh weights.
 *
 * @param kind - of one of {@link architectures}
 * @param config - plain data as the model's `config`
 * @returns the model in training mode, its weights float32 on the CPU
 * @throws ConfigError for an unknown kind or a configuration that does not fit
 */
export function buildModel(kind: string, config: unknown): LanguageModel {
  return findArchitecture('buildModel', kind).build(config);
}

/** A layout of some architecture, as far as this file knows it: configurations pass through. */
export type AnyConvention = Convention<LanguageModelConfig, LanguageModelConfig>;

/** A layout beside the architecture whose models it holds. */
export interface Layout {
  architecture: Architecture;
  convention: AnyConvention;
}

/**
 * Every layout that can be read and written.
 * @returns the layouts, the more general last
 */
export function listLayouts(): Layout[] {
  return architectures.flatMap((architecture) =>
    architecture.huggingFace.map((convention) => ({ architecture, convention: convention as AnyConvention })),
  );
}

/**
 * The layout of a folder.
 * @param fields - the content of its `config.json`
 * @returns the one whose `model_type` it has
 * @throws ConfigError for another `model_type`
 */
export function findLayout(fields: unknown): Layout {
  const type = (fields as { model_type?: unknown } | null)?.model_type;
  const found = listLayouts().find(({ convention }) => convention.modelType === type);
  if (found !== undefined) return found;
  raise('PAL_CONFIG', {
    where: 'loadHuggingFace',
    expected: `model_type to be one of ${listLayouts()
      .map(({ convention }) => convention.modelType)
      .join(', ')}`,
    received: JSON.stringify(type),
  });
}
