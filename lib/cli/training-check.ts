import { formatInteger, raise } from '../core/index.js';
import type { TokenBatch } from '../data/index.js';
import type { LanguageModel } from '../models/interface/index.js';
import { Trainer } from '../training/index.js';
import type { TrainerConfigOptions, TrainerData } from '../training/config/index.js';
import { formatColumns } from './print-result.js';
import { describeModelCheck, checkModel } from './model-check.js';
import type { ModelCheck } from './model-check.js';

/** Inputs of a training. */
export interface Assembly {
  config: TrainerConfigOptions;
  model: LanguageModel;
  sets: TrainerData;
}

/** The size of a training, and findings about its model. */
export interface TrainingCheck extends ModelCheck {
  /** Updates; undefined where only time is bounded. */
  steps: number | undefined;
  /** Targets of one epoch, and how many there are for each parameter. */
  tokens: number;
  tokensPerParameter: number;
}

/** Rows to overfit. */
const MOST_ROWS = 4;

/** Settings of {@link checkTraining}. */
export interface TrainingCheckOptions {
  /** True where overfitting a batch is all that is wanted. */
  alone: boolean;
  /** Shows what is being done. */
  log: (text: string) => void;
}

/** Goes through a training without an update: its settings, its model, its data. */
export async function checkTraining(
  { config, model, sets }: Assembly,
  { alone, log }: TrainingCheckOptions,
): Promise<TrainingCheck> {
  const trainer = new Trainer({ ...config, model, data: sets, signal: AbortSignal.abort() });
  await trainer.run(); // Settings and causality are checked, and no step is made.
  const { batchSize, precision, checkpointing, ema } = trainer.config;
  const batch = readFirstBatch(sets, Math.min(batchSize, MOST_ROWS));
  const step = {
    ...{ batch: batchSize, length: batch.shape[1], checkpointing },
    ...{ autocast: precision === 'float32' ? undefined : precision, statesPerParameter: ema ? 1 : 0 },
    optimizer: trainer.optimizer,
  };
  const tokens = sets.train.targetCount;
  const check = await checkModel(model, { ...(!alone && { step }), batch, log });
  trainer.optimizer.dispose();
  return { ...{ steps: trainer.totalSteps, tokens, tokensPerParameter: tokens / model.parameterCount() }, ...check };
}

/** A trial of a training for people. */
export function describeTraining(check: TrainingCheck): string {
  const { steps, tokens, tokensPerParameter } = check;
  const data = `${formatInteger(tokens)} tokens to train on, ${tokensPerParameter.toPrecision(3)} for each parameter`;
  const length = steps === undefined ? 'as many as the time allows' : formatInteger(steps);
  return `${formatColumns([
    ['data', data],
    ['steps', length],
  ])}\n\n${describeModelCheck(check)}`;
}

function readFirstBatch({ train }: TrainerData, batchSize: number): TokenBatch {
  const first = train.batches({ batchSize, order: 'sequential' }).next();
  if (first.done !== true) return first.value;
  return raise('PAL_DATA', { where: 'palabra train', expected: 'training data with batches', received: 'none' });
}
