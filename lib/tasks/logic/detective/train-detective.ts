import { join } from 'node:path';
import { writeFileAtomic } from '../../../core/index.js';
import { WordBaseline } from '../../../logic/index.js';
import { Gpt, gptPresets } from '../../../models/index.js';
import { manualSeed } from '../../../tensor/index.js';
import { runTraining } from '../train/run-training.js';
import { resolveDetectiveSettings } from './detective-options.js';
import type { DetectiveSettings, TrainDetectiveOptions } from './detective-options.js';
import { prepareFallacies } from './prepare-fallacies.js';
import { scoreDetective } from './score-detective.js';
import type { DetectiveScores } from './score-detective.js';
import type { DetectiveVocabulary } from './vocabulary.js';

/** What came of a training. */
export interface TrainDetectiveReport {
  /** The folder of the model, for `loadModel`. */
  model: string;
  parameters: number;
  vocabSize: number;
  /** Texts that were trained on. */
  texts: number;
  steps: number;
  /** Time of the steps made now, in seconds. */
  seconds: number;
  /** Nats a token of held-out texts, of the model that was kept. */
  validation: number | null;
  /** What was measured on held-out texts of each kind, the baseline of words beside it. */
  held: Record<string, DetectiveScores>;
}

/** The model's embeddings come in multiples of it. */
const ROUND = 64;
/** The name of the report in the folder. */
const REPORT = 'detective.json';

/**
 * Trains a model that names informal fallacies: draws or reads texts, learns a tokenizer, trains as `trainLogic` does, and
 * measures the model on texts of templates and words that it never saw. The report lies in `detective.json` of the folder.
 *
 * @param options - the folder, and settings that go over the defaults
 * @returns what came of it
 * @throws ConfigError for settings that do not fit; DataError where there is nothing to learn from
 * @throws PalabraError of code PAL_ABORTED when the signal fires; the errors of `Trainer.steps`
 * @example const { held } = await trainDetective({ folder: 'runs/detective' });
 */
export async function trainDetective(options: TrainDetectiveOptions): Promise<TrainDetectiveReport> {
  const settings = resolveDetectiveSettings(options);
  const prepared = await prepareFallacies(settings);
  const { vocabulary, splits } = prepared;
  using model = createDetective(vocabulary, settings);
  const data = { ...prepared, vocabulary: vocabulary.logic };
  const { seconds, steps, validation } = await runTraining('trainDetective', model, data, settings);
  const baseline = new WordBaseline(splits.train);
  const held: Record<string, DetectiveScores> = {};
  for (const [name, records] of Object.entries(splits.held)) {
    settings.onStage?.('measuring', `${records.length} texts, ${name}`);
    const { signal } = settings;
    held[name] = await scoreDetective(records, { model, tokenizer: vocabulary.tokenizer, baseline, signal });
  }
  const report: TrainDetectiveReport = {
    model: join(settings.folder, 'model'),
    parameters: model.parameterCount(),
    vocabSize: vocabulary.tokenizer.size,
    texts: splits.train.length,
    ...{ steps, seconds, validation, held },
  };
  await writeFileAtomic(join(settings.folder, REPORT), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

/**
 * Makes a detective with random weights.
 *
 * @param vocabulary - of the model
 * @param settings - its size and the seed
 * @returns a Gpt of the preset `nanologic-xs`
 */
export function createDetective(
  { tokenizer }: DetectiveVocabulary,
  { seed, dropout, layers, stochasticDepth: probability }: DetectiveSettings,
): Gpt {
  const vocabSize = Math.ceil(tokenizer.size / ROUND) * ROUND;
  manualSeed(seed);
  return new Gpt({
    ...gptPresets['nanologic-xs'],
    ...{ layers, vocabSize, dropout, stochasticDepth: { probability, ramp: 'fromZero' } },
  });
}
