import { isPlainSettings } from '../../../core/index.js';
import { resolveTrainerConfig } from '../../../training/config/index.js';
import type { ResolvedTrainer } from '../../../training/config/index.js';
import { buildTrainerData } from '../../inputs/run-data.js';
import type { RunData, RunDatasets } from '../../inputs/run-data.js';
import type { Settings } from '../../settings/config-file.js';
import { resolveContextLength, resolveModelSettings } from '../../settings/model-settings.js';
import type { ResolvedModel } from '../../settings/model-settings.js';

/** What settings and data amount to. */
export interface ResolvedTraining {
  sets: RunDatasets;
  trainer: ResolvedTrainer;
  model: ResolvedModel;
}

/**
 * Batches, trainer and model that settings mean for some data.
 *
 * @param settings - an object a section
 * @param runData - the prepared text, and how it becomes batches
 * @returns the data, and the settings of trainer and model with what follows from the data
 * @throws ConfigError naming everything that does not fit
 */
export function resolveTraining(settings: Settings, runData: RunData): ResolvedTraining {
  const { trainer: named, model } = settings;
  const sets = buildTrainerData(resolveContextLength(model), runData);
  const run = { train: sets.train, validated: sets.validation !== undefined, prefix: 'trainer' };
  const trainer = resolveTrainerConfig(isPlainSettings(named) ? named : {}, run);
  const { size } = runData.prepared.tokenizer;
  return { sets, trainer, model: resolveModelSettings(model, size, trainer.recipe.dropout) };
}
