import { formatInteger, raise } from '../core/index.js';
import type { TokenBatch } from '../data/index.js';
import type { LanguageModel } from '../models/index.js';
import { Trainer } from '../training/index.js';
import type { TrainerConfigOptions, TrainerData } from '../training/index.js';
import { columns } from './answer.js';
import { describeTrial, tryModel } from './trial.js';
import type { Trial } from './trial.js';

/** What a training is made of. */
export interface Assembly {
  config: TrainerConfigOptions;
  model: LanguageModel;
  sets: TrainerData;
}

/** What a training would be, and what was found out about its model. */
export interface TrainingTrial extends Trial {
  /** Updates; undefined where only time is bounded. */
  steps: number | undefined;
  /** Targets of one epoch, and how many there are for each parameter. */
  tokens: number;
  tokensPerParameter: number;
}

/** Rows that are to be learned by heart. */
const MOST_ROWS = 4;

/** How {@link tryTraining} goes about it. */
export interface TrainingTrialOptions {
  /** Whether learning a batch by heart is all that is wanted. */
  alone: boolean;
  /** Shows what is being done. */
  tell: (text: string) => void;
}

/** Goes through a training without an update: its settings, its model, its data. */
export async function tryTraining(
  { config, model, sets }: Assembly,
  { alone, tell }: TrainingTrialOptions,
): Promise<TrainingTrial> {
  const trainer = new Trainer({ ...config, model, data: sets, signal: AbortSignal.abort() });
  await trainer.run(); // Settings and causality are checked, and no step is made.
  const { batchSize, precision, checkpointing, ema } = trainer.config;
  const batch = firstBatch(sets, Math.min(batchSize, MOST_ROWS));
  const step = {
    ...{ batch: batchSize, length: batch.shape[1], checkpointing },
    ...{ autocast: precision === 'float32' ? undefined : precision, statesPerParameter: ema ? 1 : 0 },
    optimizer: trainer.optimizer,
  };
  const tokens = sets.train.targetCount;
  const trial = await tryModel(model, { ...(!alone && { step }), batch, tell });
  trainer.optimizer.dispose();
  return { ...{ steps: trainer.totalSteps, tokens, tokensPerParameter: tokens / model.parameterCount() }, ...trial };
}

/** A trial of a training for people. */
export function describeTraining(trial: TrainingTrial): string {
  const { steps, tokens, tokensPerParameter } = trial;
  const data = `${formatInteger(tokens)} tokens to train on, ${tokensPerParameter.toPrecision(3)} for each parameter`;
  const length = steps === undefined ? 'as many as the time allows' : formatInteger(steps);
  return `${columns([
    ['data', data],
    ['steps', length],
  ])}\n\n${describeTrial(trial)}`;
}

function firstBatch({ train }: TrainerData, batchSize: number): TokenBatch {
  const first = train.batches({ batchSize, order: 'sequential' }).next();
  if (first.done !== true) return first.value;
  return raise('PAL_DATA', { where: 'palabra train', expected: 'training data with batches', received: 'none' });
}
