import { deferSchema } from '../../core/index.js';
import { datasetConfigSchema } from '../../data/index.js';
import type { DatasetConfig } from '../../data/index.js';
import type { SettingsSection } from './settings.js';

/** Several prepared folders by their paths: the weight of each, or its weight and how its text becomes rows. */
export const mixSchema = deferSchema((z) => {
  const weight = z.number().min(0).describe('Its share of the batches; weights need not sum to 1.');
  const source = z.strictObject({ weight, dataset: datasetConfigSchema.exactOptional() });
  return z
    .record(z.string(), z.union([weight, source]))
    .describe('Prepared folders to train on by turns, each with its weight: --mix data/books=3 --mix data/web=1.');
});

/** The mix of a training, in place of its data. */
export const mixSection: SettingsSection = { name: 'mix', title: 'Several sources', schema: mixSchema };

/** A source of a mix. */
export interface MixSettings {
  /** The prepared folder. */
  folder: string;
  weight: number;
  /** Undefined for that of the whole. */
  dataset: DatasetConfig | undefined;
}

/**
 * The sources of a mix in their order.
 * @param mix - as {@link mixSchema}
 * @returns each with its folder
 */
export function listMix(mix: (typeof mixSchema)['_output']): MixSettings[] {
  return Object.entries(mix).map(([folder, source]) => {
    const { weight, dataset } = typeof source === 'number' ? { weight: source } : source;
    return { folder, weight, dataset };
  });
}
