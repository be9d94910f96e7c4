import { join } from 'node:path';
import { countParameters } from '../../../models/index.js';
import { createLogicModel } from './create-model.js';
import { prepareLogic } from './prepare-data.js';
import { resolveLogicSettings } from './options.js';
import type { TrainLogicOptions } from './options.js';
import { runTraining } from './run-training.js';
import { scoreHeld } from './score-formalizer.js';
import { writeReport } from './write-report.js';
import type { TrainLogicReport } from './write-report.js';
import { trainPhases } from '../phases/train-phases.js';

/**
 * Trains a model that formalises sentences: draws or reads them, learns a tokenizer, trains by a recipe, and measures the
 * model on sentences that were held out. The folder is that of a `Trainer`, with the report in `formalizer.json`.
 *
 * @param options - the folder, and settings that go over the recipe's
 * @returns what came of it
 * @throws ConfigError for settings that do not fit; DataError where there is nothing to learn from
 * @throws PalabraError of code PAL_ABORTED when the signal fires; the errors of `Trainer.steps`
 * @example const { model } = await trainLogic({ folder: 'runs/logic', recipe: 'xs' });
 */
export async function trainLogic(options: TrainLogicOptions): Promise<TrainLogicReport> {
  const settings = resolveLogicSettings(options);
  const prepared = await prepareLogic(settings);
  if (settings.phases !== 'one') return await trainPhases(prepared, settings);
  const { vocabulary, splits, tooLong } = prepared;
  using model = createLogicModel(prepared, settings);
  const { seconds, steps, validation } = await runTraining('trainLogic', model, prepared, settings);
  const held = await scoreHeld(model, prepared, settings);
  const report: TrainLogicReport = {
    model: join(settings.folder, 'model'),
    parameters: countParameters(model.config),
    vocabSize: vocabulary.tokenizer.size,
    sentences: splits.train.length - tooLong,
    ...{ tooLong, steps, seconds, validation, held },
  };
  return await writeReport(settings.folder, report);
}
