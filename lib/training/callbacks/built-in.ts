import type { Module } from '../../nn/index.js';
import type { LearningRateSchedule, Optimizer } from '../../optim/index.js';
import type { Callback } from './callback.js';
import { readScore } from '../best-metric.js';
import type { Judges } from '../best-metric.js';
import { getMetricsPath, MetricsLog } from './metrics-log.js';
import type { TrainerConfig } from '../config/trainer-config.js';
import { runWithAverage } from './average.js';
import { EarlyStopping } from './early-stopping.js';
import { EmaCallback } from './ema.js';
import { GradientNoiseCallback } from './gradient-noise.js';
import { Histograms } from './histograms/histograms.js';
import { LearningRateScheduler } from './learning-rate-scheduler.js';

/** The parts of a run that built-in callbacks are made of. */
export interface BuiltInContext {
  config: TrainerConfig;
  model: Module;
  optimizer: Optimizer;
  schedule: LearningRateSchedule;
  /** The step of the schedule for the coming update. */
  scheduleStep: () => number;
  judges: Judges;
  runDirectory: string | undefined;
}

/**
 * Creates the callbacks that a configuration asks for.
 * @param context - the parts of the run that they work on
 * @returns them in the order they are called in, the learning rate first
 */
export function createBuiltInCallbacks(context: BuiltInContext): Callback[] {
  const { config, model, optimizer, schedule, scheduleStep, judges, runDirectory } = context;
  const { gradientNoise, earlyStopping, ema, histograms, seed, mode } = config;
  const stopping = earlyStopping ? [createEarlyStopping(earlyStopping, judges)] : [];
  return [
    new LearningRateScheduler(optimizer, schedule, scheduleStep, (evaluation) => readScore(evaluation, judges.best)),
    ...(gradientNoise ? [new GradientNoiseCallback({ ...gradientNoise, seed }, model.device)] : []),
    ...(ema ? [new EmaCallback(model, ema, mode)] : createAverage(optimizer)),
    ...stopping,
    ...(histograms ? [new Histograms(histograms)] : []),
    ...(runDirectory === undefined ? [] : [new MetricsLog(getMetricsPath(runDirectory))]),
  ];
}

/** The average that an optimizer keeps by itself. */
function createAverage({ average }: Optimizer): Callback[] {
  if (average === undefined) return [];
  return [{ name: 'optimizer-average', withWeights: (work) => runWithAverage(average, work) }];
}

function createEarlyStopping(
  { patience, minimumDelta }: NonNullable<TrainerConfig['earlyStopping']>,
  { stopping }: Judges,
): EarlyStopping {
  return new EarlyStopping({ patience, minimumDelta, metric: (evaluation) => readScore(evaluation, stopping) });
}
