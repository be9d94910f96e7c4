import type { Gpt } from '../../../models/index.js';
import { hasFastBfloat16, noGrad } from '../../../tensor/index.js';
import { Trainer } from '../../../training/index.js';
import type { Callback, TrainerConfigOptions } from '../../../training/index.js';
import { expectFinished } from '../../expect-finished.js';
import type { AuxiliaryHeads } from '../objective/auxiliary-heads.js';
import { FormalizerGpt } from '../objective/formalizer-gpt.js';
import type { LogicSettings } from './options.js';
import type { PreparedLogic } from './prepare-data.js';

/** What the error of an abort advises. */
const HOW_TO_GO_ON = 'A checkpoint is saved: the same call with resume goes on from there.';
/** The part of a run that the rate rises over, and the share of the peak that it falls to. */
const [WARM_UP, FLOOR] = [0.04, 0.05];

/** What is trained on. */
export type TrainedData = Pick<PreparedLogic, 'train' | 'validation'> & {
  vocabulary: Pick<PreparedLogic['vocabulary'], 'tokenizer'>;
};

/** How it is trained on: what is plain data in the settings of a run, its folder, and who hears of it. */
export type TrainedSettings = Pick<
  LogicSettings,
  | ('folder' | 'resume' | 'signal' | 'onStage' | 'onStep' | 'seed' | 'steps' | 'batchSize' | 'accumulation')
  | ('labelSmoothing' | 'zLoss' | 'maxGradNorm' | 'ema' | 'optimizer' | 'learningRate' | 'weightDecay' | 'precision')
>;

/** What the loop over the steps found. */
export interface TrainedLogic {
  steps: number;
  seconds: number;
  validation: number | null;
}

/**
 * Trains a model in the folder of a `Trainer`.
 *
 * @param where - the call that errors name
 * @param model - of the vocabulary
 * @param data - rows and the tokenizer that is stored
 * @param settings - of the run
 * @returns what was done
 * @throws PalabraError of code PAL_ABORTED when the signal fires; the errors of `Trainer.steps`
 */
export async function runTraining(
  where: string,
  model: Gpt,
  data: TrainedData,
  settings: TrainedSettings,
): Promise<TrainedLogic> {
  const trainer = openTrainer(model, data, settings);
  const start = performance.now();
  settings.onStage?.('training', `${trainer.totalSteps} updates`);
  const steps = trainer.steps();
  try {
    for (;;) {
      const { done, value } = await steps.next();
      if (done === true) {
        expectFinished(where, value, settings.signal, HOW_TO_GO_ON);
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
  { train, validation, vocabulary }: TrainedData,
  settings: TrainedSettings,
): Trainer<Gpt> {
  const { folder, batchSize, accumulation, seed, zLoss, maxGradNorm, ema, signal } = settings;
  const { optimizer: type, learningRate, weightDecay } = settings;
  // What the model itself does on some tokens alone is not done by the trainer on all.
  const labelSmoothing = model instanceof FormalizerGpt && model.smooths ? 0 : settings.labelSmoothing;
  const heads = model instanceof FormalizerGpt ? model.auxiliary : undefined;
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
    ...(heads && { callbacks: [keepHeads(heads)] }),
    ...(ema !== undefined && { ema: { decay: ema } }),
    ...(signal && { signal }),
  });
}

/** A rise, then half a cosine; an optimizer that keeps an average of its own needs no fall. */
function chooseSchedule(steps: number, { optimizer, learningRate }: TrainedSettings): TrainerConfigOptions['schedule'] {
  const warmup = Math.ceil(WARM_UP * steps);
  if (optimizer === 'schedule-free' || steps <= warmup)
    return { type: 'constant', warmup: Math.min(warmup, steps - 1) };
  return { type: 'cosine', warmup, minimum: FLOOR * learningRate };
}

/** Holds the weights of auxiliary heads in checkpoints, as the model that is stored has none. */
function keepHeads(heads: AuxiliaryHeads): Callback {
  return {
    name: 'auxiliary-heads',
    save: () => {
      // Copies: while a checkpoint is written, an average of the weights may stand in their place.
      const weights = Object.entries(heads.stateDict());
      return { tensors: noGrad(() => Object.fromEntries(weights.map(([name, value]) => [name, value.clone()]))) };
    },
    load: ({ tensors = {} }) => heads.loadStateDict(tensors),
  };
}
