import { parseConfig } from '../../core/index.js';
import type { Architecture, LeastSize } from '../interface/architecture.js';
import { Infinito } from './infinito.js';
import { infinitoConfigSchema } from './infinito-config.js';
import type { InfinitoOptions } from './infinito-config.js';
import { infinitoPresets } from './infinito-presets.js';

/** The {@link Infinito} in the registry. */
export const infinitoArchitecture: Architecture = {
  kind: 'infinito',
  schema: infinitoConfigSchema,
  build: (config) => new Infinito(config as InfinitoOptions),
  measureLeastSize,
  // Dropout of attention weights doubles the time of a step, and gains nothing.
  toDropout: (share) => (share === 0 ? share : { embedding: share, residual: share }),
  presets: Object.fromEntries(Object.entries(infinitoPresets).map(([name, preset]) => [`infinito-${name}`, preset])),
  huggingFace: [],
};

function measureLeastSize(config: unknown): LeastSize {
  const { vocabSize, width, layers } = parseConfig('Infinito', infinitoConfigSchema, config);
  return { layers, numbers: vocabSize * width + layers * 12 * width * width };
}
