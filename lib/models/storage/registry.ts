import { formatSuggestion, raise } from '../../core/index.js';
import { gptArchitecture } from '../gpt/gpt-architecture.js';
import type { Architecture } from '../interface/architecture.js';
import type { LanguageModel } from '../interface/language-model.js';
import { lstmArchitecture } from '../lstm/lstm-architecture.js';

/** Every architecture; command line, presets, checks of sizes and conversions derive from this list. */
export const architectures: readonly Architecture[] = [gptArchitecture, lstmArchitecture];

/** The names of all architectures. */
export const modelKinds: readonly string[] = architectures.map(({ kind }) => kind);

/**
 * Finds an architecture by its name.
 *
 * @param where - named in the error
 * @param kind - one of {@link modelKinds}
 * @returns its entry in {@link architectures}
 * @throws ConfigError for an unknown kind
 */
export function findArchitecture(where: string, kind: string): Architecture {
  const found = architectures.find((architecture) => architecture.kind === kind);
  if (found !== undefined) return found;
  raise('PAL_CONFIG', {
    where,
    expected: `one of ${modelKinds.join(', ')}`,
    received: JSON.stringify(kind),
    fix: formatSuggestion(kind, modelKinds),
  });
}

/**
 * Builds a model with fresh weights.
 *
 * @param kind - one of {@link modelKinds}
 * @param config - plain data as the model's `config`
 * @returns the model in training mode, its weights float32 on the CPU
 * @throws ConfigError for an unknown kind or a configuration that does not fit
 */
export function buildModel(kind: string, config: unknown): LanguageModel {
  return findArchitecture('buildModel', kind).build(config);
}
