import { datasetConfigSchema } from '../../../data/index.js';
import { generationConfigSchema } from '../../../models/interface/index.js';
import { BOUNDS, trainerConfigSchema } from '../../../training/config/index.js';
import { modelSettingsSchema } from '../../settings/model-settings.js';
import type { SettingsSection } from '../../settings/settings.js';
import { prepareSections } from '../data/prepare.js';

/** The settings of the trainer, for training and resuming. */
export const trainerSection: SettingsSection = {
  name: 'trainer',
  title: 'Training',
  schema: trainerConfigSchema,
  alternatives: BOUNDS,
};

/** The settings of `palabra train`. */
export const trainSections: readonly SettingsSection[] = [
  ...prepareSections,
  { name: 'dataset', title: 'Batches', schema: datasetConfigSchema, implied: { '': 'windows' } },
  { name: 'model', title: 'Model', schema: modelSettingsSchema, implied: { '': 'gpt' } },
  trainerSection,
  { name: 'generation', title: 'Generation settings stored with the model', schema: generationConfigSchema },
];
