import { join } from 'node:path';
import { writeFileAtomic } from '../../../core/index.js';
import { countParameters } from '../../../models/index.js';
import { createLogicModel } from './create-model.js';
import { prepareLogic } from './prepare-data.js';
import { resolveLogicSettings } from './options.js';
import type { TrainLogicOptions } from './options.js';
import { runTraining } from './run-training.js';
import { scoreFormalizer } from './score-formalizer.js';
import type { FormalizerScores } from './score-formalizer.js';

/** What came of a training. */
export interface TrainLogicReport {
  /** The folder of the model, for `loadModel`. */
  model: string;
  parameters: number;
  /** Tokens of the tokenizer; fewer than asked for where the sentences had no more to merge. */
  vocabSize: number;
  /** Sentences that were trained on, and those that were longer than a row. */
  sentences: number;
  tooLong: number;
  steps: number;
  /** Time of the steps made now, in seconds. */
  seconds: number;
  /** Nats a token of held-out sentences, of the model that was kept. */
  validation: number | null;
  /** What was measured on held-out sentences of each kind, with greedy decoding and no constraint. */
  held: Record<string, FormalizerScores>;
}

/** The name of the report in the folder. */
const REPORT = 'formalizer.json';

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
  const { vocabulary, splits, tooLong } = prepared;
  using model = createLogicModel(prepared, settings);
  const { seconds, steps, validation } = await runTraining('trainLogic', model, prepared, settings);
  const held: Record<string, FormalizerScores> = {};
  for (const [name, examples] of Object.entries(splits.held)) {
    settings.onStage?.('measuring', `${examples.length} sentences, ${name}`);
    held[name] = await scoreFormalizer(model, vocabulary, examples.slice(0, settings.held), settings.signal);
  }
  const report: TrainLogicReport = {
    model: join(settings.folder, 'model'),
    parameters: countParameters(model.config),
    vocabSize: vocabulary.tokenizer.size,
    sentences: splits.train.length - tooLong,
    ...{ tooLong, steps, seconds, validation, held },
  };
  await writeFileAtomic(join(settings.folder, REPORT), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}
