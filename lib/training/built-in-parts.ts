import { expectOneOf } from '../core/index.js';
import type { LanguageModel } from '../models/index.js';
import type { LearningRateSchedule, Optimizer } from '../optim/index.js';
import { deviceOf } from './micro-batch.js';
import type { TrainerPart } from './part.js';
import { withAverage } from './parts/average.js';
import { EarlyStopping } from './parts/early-stopping.js';
import { EmaPart } from './parts/ema-part.js';
import { GradientNoisePart } from './parts/gradient-noise-part.js';
import { MetricsLog } from './parts/metrics-log.js';
import { ScheduleFollower } from './parts/schedule-follower.js';
import { metricsOf } from './run-folder.js';
import type { TrainerEvaluation } from './report.js';
import type { TrainerConfig } from './trainer-config.js';

/** What every evaluation measures. */
const MEASURED = ['loss', 'perplexity'] as const;

/** What the built-in parts are made of. */
export interface BuiltInContext {
  config: TrainerConfig;
  model: LanguageModel;
  optimizer: Optimizer;
  schedule: LearningRateSchedule;
  /** The step of the schedule for the coming update. */
  position: () => number;
  /** The names of the trainer's own metrics. */
  metrics: readonly string[];
  runDirectory: string | undefined;
}

/** The parts that a configuration asks for. */
export function builtInParts(context: BuiltInContext): TrainerPart[] {
  const { config, model, optimizer, schedule, position, metrics, runDirectory } = context;
  const { gradientNoise, earlyStopping, ema, seed, mode } = config;
  const stopping = earlyStopping ? [earlyStoppingOf(earlyStopping, metrics)] : [];
  return [
    new ScheduleFollower(optimizer, schedule, position),
    ...(gradientNoise ? [new GradientNoisePart({ ...gradientNoise, seed }, deviceOf(model))] : []),
    ...(ema ? [new EmaPart(model, ema, mode)] : averageOf(optimizer)),
    ...stopping,
    ...(runDirectory === undefined ? [] : [new MetricsLog(metricsOf(runDirectory))]),
  ];
}

/** The average that an optimizer keeps by itself. */
function averageOf({ average }: Optimizer): TrainerPart[] {
  if (average === undefined) return [];
  return [{ name: 'optimizer-average', withWeights: (work) => withAverage(average, work) }];
}

function earlyStoppingOf(
  { metric, ...options }: NonNullable<TrainerConfig['earlyStopping']>,
  own: readonly string[],
): EarlyStopping {
  const name = expectOneOf('Trainer', 'earlyStopping.metric', metric, [...MEASURED, ...own]);
  return new EarlyStopping({ ...options, metric: (evaluation) => valueOf(evaluation, name) });
}

function valueOf({ loss, perplexity, metrics = {} }: TrainerEvaluation, name: string): number {
  return { loss, perplexity, ...metrics }[name]!;
}
