import type { InfinitoOptions } from './infinito-config.js';

/** The sizes that several presets share. */
const sizes = {
  large: { segmentLength: 256, width: 512, layers: 4, heads: 8 },
  medium: { segmentLength: 256, width: 448, layers: 4, heads: 8 },
  small: { segmentLength: 256, width: 384, layers: 3, heads: 6 },
  tiny: { segmentLength: 256, width: 256, layers: 2, heads: 4 },
} as const satisfies Record<string, Omit<InfinitoOptions, 'vocabSize'>>;

/** The same decoder, which remembers nothing beyond its segment. */
const baseline = { memory: { type: 'none' } } as const;

/**
 * Sizes by name. `a` and `b` are the two of the design note; a baseline is the same decoder without memory.
 * @example const model = new Infinito({ vocabSize: 10_004, ...infinitoPresets.tiny });
 */
export const infinitoPresets = {
  tiny: { ...sizes.tiny, dropout: 0.25 },
  micro: { ...sizes.small, dropout: 0.2 },
  small: { ...sizes.small, dropout: 0.15 },
  medium: { ...sizes.medium, dropout: 0.25 },
  large: { ...sizes.large, dropout: 0.15 },
  a: { ...sizes.large, dropout: 0.15 },
  b: { ...sizes.large, dropout: 0.25 },
  'tiny-baseline': { ...sizes.tiny, ...baseline, dropout: 0.25 },
  'micro-baseline': { ...sizes.small, ...baseline, dropout: 0.2 },
  'small-baseline': { ...sizes.small, ...baseline, dropout: 0.15 },
  'medium-baseline': { ...sizes.medium, ...baseline, dropout: 0.25 },
  'large-baseline': { ...sizes.large, ...baseline, dropout: 0.15 },
  'a-baseline': { ...sizes.large, ...baseline, dropout: 0.15 },
  'b-baseline': { ...sizes.large, ...baseline, dropout: 0.25 },
} as const satisfies Record<string, Omit<InfinitoOptions, 'vocabSize'>>;
