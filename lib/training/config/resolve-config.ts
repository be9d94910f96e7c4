import { isPlainSettings, overlaySettings, parseConfig } from '../../core/index.js';
import type { PlainSettings } from '../../core/index.js';
import type { Dataset } from '../../data/index.js';
import { optimizerConfigSchema, scheduleConfigSchema } from '../../optim/index.js';
import type { Optimizer, OptimizerConfig, ScheduleConfig } from '../../optim/index.js';
import { chooseDefaults, createDefaultOptimizer, createDefaultSchedule } from './defaults.js';
import type { TrainingDefaults } from './defaults.js';
import type { DataSize } from './epochs.js';
import { EVALUATIONS } from './cadence.js';
import { Limits } from './limits.js';
import { trainerConfigSchema } from './trainer-config.js';
import type { ResolvedConfig, TrainerConfig } from './trainer-config.js';

/** The parts of a run that its settings follow from. */
export interface ConfiguredRun {
  /** The training data, or their size. */
  train: Dataset | DataSize;
  /** True if there is validation data. */
  validated: boolean;
  /** The optimizer, where one was given ready-made or by a function. */
  optimizer?: Pick<Optimizer, 'learningRate' | 'average'> | undefined;
  /** True if the schedule is a function. */
  scheduled?: boolean;
  /** Where the settings stand in a larger configuration, for errors (default: they are the whole). */
  prefix?: string;
}

/** A configuration, and where what was not named comes from. */
export interface ResolvedTrainer {
  config: ResolvedConfig;
  limits: Limits;
  /** The name of the recipe, and the dropout it builds models with. */
  recipe: Pick<TrainingDefaults, 'name' | 'dropout'>;
  /** The recipe's settings of optimizer and schedule, beneath those that were named. */
  layer: PlainSettings;
}

/**
 * The configuration of a trainer: defaults, over them the recipe for the run's length, over both what was named. What was
 * named holds; everything else follows from it and from the data.
 *
 * @param named - settings of {@link trainerConfigSchema}; of optimizer and schedule any fields, the type among them or not
 * @param run - the data, and the optimizer where it is ready-made
 * @returns the whole configuration, the limits of the run and the recipe
 * @throws ConfigError naming everything that does not fit, or that no limit is named
 */
export function resolveTrainerConfig(named: PlainSettings, run: ConfiguredRun): ResolvedTrainer {
  const { optimizer: namedOptimizer, schedule: namedSchedule, ...others } = named;
  const given = parseConfig('Trainer', trainerConfigSchema, others, run.prefix);
  const { batchSize, order, seed } = given;
  const limits = new Limits(given, { dataset: run.train, options: { batchSize, order, seed } });
  const { epochs } = limits;
  const layer: { optimizer?: PlainSettings; schedule?: PlainSettings } = {};
  if (run.optimizer === undefined) layer.optimizer = { ...createDefaultOptimizer(epochs) };
  const optimizer = layer.optimizer && parseOptimizer(overlayVariant(layer.optimizer, namedOptimizer), run.prefix);
  if (run.scheduled !== true) {
    layer.schedule = { ...createDefaultSchedule(limits.scheduleSteps, describeOptimizer(run, optimizer)) };
  }
  const schedule = layer.schedule && parseSchedule(overlayVariant(layer.schedule, namedSchedule), run.prefix);
  const { name, dropout } = chooseDefaults(epochs);
  const config = { ...given, optimizer, schedule, ...resolveCourse(given, limits, run) };
  return { config, limits, recipe: { name, dropout }, layer };
}

/** How often a run is evaluated and stored, and what it leaves, where that was not named. */
function resolveCourse(
  given: TrainerConfig,
  limits: Limits,
  { validated }: ConfiguredRun,
): Pick<ResolvedConfig, 'evaluateEvery' | 'checkpointEvery' | 'restoreBest'> {
  const tenth = limits.timed ? undefined : Math.ceil(limits.steps! / EVALUATIONS);
  const evaluateEvery = given.evaluateEvery ?? tenth;
  return {
    evaluateEvery,
    checkpointEvery: given.checkpointEvery ?? evaluateEvery,
    restoreBest: given.restoreBest ?? validated,
  };
}

/** The highest learning rate, and whether the optimizer keeps an average of its own. */
function describeOptimizer(
  { optimizer: readyMade }: ConfiguredRun,
  config: OptimizerConfig | undefined,
): { learningRate: number; averages: boolean } {
  if (readyMade !== undefined)
    return { learningRate: readyMade.learningRate, averages: readyMade.average !== undefined };
  return { learningRate: config!.learningRate, averages: config!.type === 'schedule-free' };
}

function parseOptimizer(settings: unknown, prefix = ''): OptimizerConfig {
  return parseConfig('Trainer', optimizerConfigSchema, settings, joinPath(prefix, 'optimizer'));
}

function parseSchedule(settings: unknown, prefix = ''): ScheduleConfig {
  return parseConfig('Trainer', scheduleConfigSchema, settings, joinPath(prefix, 'schedule'));
}

/** The fields that were named over those of the recipe; what is no settings at all stays as it is, for the check. */
function overlayVariant(recipe: PlainSettings, named: unknown): unknown {
  if (named === undefined) return recipe;
  return isPlainSettings(named) ? overlaySettings(recipe, named) : named;
}

function joinPath(prefix: string, key: string): string {
  return prefix === '' ? key : `${prefix}.${key}`;
}
