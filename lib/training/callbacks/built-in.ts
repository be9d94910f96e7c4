import { expectOneOf } from '../../core/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import type { LearningRateSchedule, Optimizer } from '../../optim/index.js';
import type { Callback } from './callback.js';
import type { TrainerEvaluation } from '../report.js';
import { getMetricsPath, MetricsLog } from './metrics-log.js';
import type { TrainerConfig } from '../config/trainer-config.js';
import { runWithAverage } from './average.js';
import { EarlyStopping } from './early-stopping.js';
import { EmaCallback } from './ema.js';
import { GradientNoiseCallback } from './gradient-noise.js';
import { LearningRateScheduler } from './learning-rate-scheduler.js';

/** The figures of every evaluation. */
export const MEASURED = ['loss', 'perplexity'] as const;

/** The parts of a run that built-in callbacks are made of. */
export interface BuiltInContext {
  config: TrainerConfig;
  model: LanguageModel;
  optimizer: Optimizer;
  schedule: LearningRateSchedule;
  /** The step of the schedule for the coming update. */
  scheduleStep: () => number;
  /** The names of the trainer's own metrics. */
  metrics: readonly string[];
  runDirectory: string | undefined;
}

/**
 * Creates the callbacks that a configuration asks for.
 * @param context - the parts of the run that they work on
 * @returns them in the order they are called in, the learning rate first
 * @throws ConfigError for early stopping by a metric that is not measured
 */
export function createBuiltInCallbacks(context: BuiltInContext): Callback[] {
  const { config, model, optimizer, schedule, scheduleStep, metrics, runDirectory } = context;
  const { gradientNoise, earlyStopping, ema, seed, mode } = config;
  const stopping = earlyStopping ? [createEarlyStopping(earlyStopping, metrics)] : [];
  return [
    new LearningRateScheduler(optimizer, schedule, scheduleStep),
    ...(gradientNoise ? [new GradientNoiseCallback({ ...gradientNoise, seed }, model.device)] : []),
    ...(ema ? [new EmaCallback(model, ema, mode)] : createAverage(optimizer)),
    ...stopping,
    ...(runDirectory === undefined ? [] : [new MetricsLog(getMetricsPath(runDirectory))]),
  ];
}

/** The average that an optimizer keeps by itself. */
function createAverage({ average }: Optimizer): Callback[] {
  if (average === undefined) return [];
  return [{ name: 'optimizer-average', withWeights: (work) => runWithAverage(average, work) }];
}

function createEarlyStopping(
  { metric, ...options }: NonNullable<TrainerConfig['earlyStopping']>,
  own: readonly string[],
): EarlyStopping {
  const name = expectOneOf('Trainer', 'earlyStopping.metric', metric, [...MEASURED, ...own]);
  return new EarlyStopping({ ...options, metric: (evaluation) => readMetric(evaluation, name) });
}

function readMetric({ loss, perplexity, metrics = {} }: TrainerEvaluation, name: string): number {
  return { loss, perplexity, ...metrics }[name]!;
}
