import { raise } from '../../../core/index.js';
import type { Architecture } from '../../interface/architecture.js';
import type { LanguageModelConfig } from '../../interface/language-model.js';
import { architectures } from '../registry.js';
import type { Convention } from './convention.js';

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
