import { formatSuggestion, raise } from '../../core/index.js';
import { Gpt } from '../gpt/gpt.js';
import type { GptOptions } from '../gpt/gpt-config.js';
import type { LanguageModel } from '../interface/language-model.js';
import { LstmLanguageModel } from '../lstm/lstm.js';
import type { LstmModelOptions } from '../lstm/lstm-config.js';

/** Builds a model from plain data, which its constructor checks. */
type Builder = (config: unknown) => LanguageModel;

/** Every architecture by the name that `config.json` gives it. */
const builders: Readonly<Record<string, Builder>> = {
  gpt: (config) => new Gpt(config as GptOptions),
  lstm: (config) => new LstmLanguageModel(config as LstmModelOptions),
};

/** The names of all architectures. */
export const modelKinds: readonly string[] = Object.keys(builders);

/**
 * Builds a model with fresh weights.
 *
 * @param kind - one of {@link modelKinds}
 * @param config - plain data as the model's `config`
 * @throws ConfigError for an unknown kind or a configuration that does not fit
 */
export function buildModel(kind: string, config: unknown): LanguageModel {
  const build = Object.hasOwn(builders, kind) ? builders[kind] : undefined;
  if (build !== undefined) return build(config);
  raise('PAL_CONFIG', {
    where: 'buildModel',
    expected: `one of ${modelKinds.join(', ')}`,
    received: JSON.stringify(kind),
    fix: formatSuggestion(kind, modelKinds),
  });
}
