import { join } from 'node:path';
import { writeFileAtomic } from '../../../core/index.js';
import { Gpt, gptPresets } from '../../../models/index.js';
import { hasFastBfloat16, manualSeed } from '../../../tensor/index.js';
import { Trainer } from '../../../training/index.js';
import type { TrainerConfigOptions } from '../../../training/index.js';
import { expectFinished } from '../../expect-finished.js';
import type { PreparedLogic } from './prepare-data.js';
import { prepareLogic } from './prepare-data.js';
import { resolveLogicSettings } from './options.js';
import type { LogicSettings, TrainLogicOptions } from './options.js';
import { scoreFormalizer } from './score-formalizer.js';
import type { FormalizerScores } from './score-formalizer.js';

/** What the error of an abort advises. */
const HOW_TO_GO_ON = 'A checkpoint is saved: the same call with resume goes on from there.';

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

/** The part of a run that the rate rises over, and the share of the peak that it falls to. */
const [WARM_UP, FLOOR] = [0.04, 0.05];
/** The model's embeddings come in multiples of it. */
const ROUND = 64;
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
  using model = createModel(prepared, settings);
  const { seconds, steps, validation } = await runTraining(model, prepared, settings);
  const held: Record<string, FormalizerScores> = {};
  for (const [name, examples] of Object.entries(splits.held)) {
    settings.onStage?.('measuring', `${examples.length} sentences, ${name}`);
    held[name] = await scoreFormalizer(model, vocabulary, examples.slice(0, settings.held), settings.signal);
  }
  const report: TrainLogicReport = {
    model: join(settings.folder, 'model'),
    parameters: model.parameterCount(),
    vocabSize: vocabulary.tokenizer.size,
    sentences: splits.train.length - tooLong,
    ...{ tooLong, steps, seconds, validation, held },
  };
  await writeFileAtomic(join(settings.folder, REPORT), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

function createModel(
  { vocabulary }: PreparedLogic,
  { preset, seed, dropout, stochasticDepth: probability }: LogicSettings,
) {
  const vocabSize = Math.ceil(vocabulary.tokenizer.size / ROUND) * ROUND;
  manualSeed(seed);
  return new Gpt({ ...gptPresets[preset], vocabSize, dropout, stochasticDepth: { probability, ramp: 'fromZero' } });
}

/** What the loop over the steps found. */
interface TrainedLogic {
  steps: number;
  seconds: number;
  validation: number | null;
}

async function runTraining(model: Gpt, prepared: PreparedLogic, settings: LogicSettings): Promise<TrainedLogic> {
  const trainer = openTrainer(model, prepared, settings);
  const start = performance.now();
  settings.onStage?.('training', `${trainer.totalSteps} updates`);
  const steps = trainer.steps();
  try {
    for (;;) {
      const { done, value } = await steps.next();
      if (done === true) {
        expectFinished('trainLogic', value, settings.signal, HOW_TO_GO_ON);
        const seconds = (performance.now() - start) / 1000;
        return { steps: value.step, seconds, validation: trainer.best?.loss ?? null };
      }
      const { index: step, loss, totalTokens: tokens, validation } = value;
      settings.onStep?.({ step, steps: trainer.totalSteps!, loss, tokens, validation: validation?.loss });
    }
  } finally {
    trainer.optimizer.dispose();
  }
}

function openTrainer(
  model: Gpt,
  { train, validation, vocabulary }: PreparedLogic,
  settings: LogicSettings,
): Trainer<Gpt> {
  const { folder, batchSize, accumulation, seed, labelSmoothing, zLoss, maxGradNorm, ema, signal } = settings;
  const { optimizer: type, learningRate, weightDecay } = settings;
  const steps = settings.steps ?? Math.ceil(train.size / batchSize);
  return new Trainer({
    ...{ model, data: { train, validation }, tokenizer: vocabulary.tokenizer, runDirectory: folder },
    ...{
      resume: settings.resume ?? false,
      seed,
      steps,
      order: 'sequential',
      batchSize,
      labelSmoothing,
      zLoss,
      maxGradNorm,
    },
    accumulation: Math.min(accumulation, batchSize),
    optimizer: { type, learningRate, weightDecay },
    schedule: chooseSchedule(steps, settings),
    precision: settings.precision ?? (hasFastBfloat16('cpu') ? 'bfloat16' : 'float32'),
    generation: { temperature: 0 },
    ...(ema !== undefined && { ema: { decay: ema } }),
    ...(signal && { signal }),
  });
}

/** A rise, then half a cosine; an optimizer that keeps an average of its own needs no fall. */
function chooseSchedule(steps: number, { optimizer, learningRate }: LogicSettings): TrainerConfigOptions['schedule'] {
  const warmup = Math.ceil(WARM_UP * steps);
  if (optimizer === 'schedule-free' || steps <= warmup)
    return { type: 'constant', warmup: Math.min(warmup, steps - 1) };
  return { type: 'cosine', warmup, minimum: FLOOR * learningRate };
}
