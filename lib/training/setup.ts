import { parseConfig, raise } from '../core/index.js';
import {
  GradScaler,
  buildOptimizer,
  buildSchedule,
  optimizerConfigSchema,
  scheduleConfigSchema,
} from '../optim/index.js';
import type { Optimizer, ScheduleConfig } from '../optim/index.js';
import { Budget, expectedEpochs } from './budget.js';
import { builtInParts } from './built-in-parts.js';
import { CarriedStates } from './carried-states.js';
import { DataCursor } from './data-cursor.js';
import { expectDeterministic } from './determinism.js';
import { Evaluator } from './evaluator.js';
import { deviceOf } from './micro-batch.js';
import { PartList } from './parts/part-list.js';
import { defaultOptimizer, defaultSchedule } from './recipe.js';
import type { TrainerEvent } from './report.js';
import { firstState } from './run-state.js';
import type { RunState } from './run-state.js';
import { StepRandom } from './step-random.js';
import type { TrainerConfig } from './trainer-config.js';
import type { CheckedOptions, TrainerSubjects } from './trainer-options.js';
import { Updater } from './updater.js';

/** Updates between two evaluations where the number of steps is unknown. */
const EVALUATE_EVERY = 500;
/** Evaluations of a run. */
const EVALUATIONS = 10;

/** A configuration with the defaults that depend on model and data. */
export interface ResolvedConfig extends TrainerConfig {
  schedule: ScheduleConfig;
  evaluateEvery: number;
  checkpointEvery: number;
}

/** Everything a run works with. */
export interface Setup {
  subjects: TrainerSubjects;
  config: ResolvedConfig;
  budget: Budget;
  optimizer: Optimizer;
  scaler: GradScaler | undefined;
  state: RunState;
  data: DataCursor;
  /** What training batches that continue each other hand on. */
  carried: CarriedStates;
  parts: PartList;
  random: StepRandom;
  updater: Updater;
  evaluator: Evaluator | undefined;
}

/** Builds what a run works with; of options that don't fit nothing stays behind. */
export function setUp(
  { subjects, config: given, optimizer: readyMade }: CheckedOptions,
  emit: (event: TrainerEvent) => void,
): Setup {
  const { model, data } = subjects;
  if (given.deterministic) expectDeterministic(deviceOf(model));
  const budget = new Budget(given, data.train, given.batchSize);
  const { config, optimizer } = resolved(given, budget, subjects, readyMade);
  try {
    return assembled({ subjects, config, budget, optimizer }, emit);
  } catch (error) {
    if (readyMade === undefined) optimizer.dispose();
    throw error;
  }
}

/** Builds everything around the optimizer. */
function assembled(
  { subjects, config, budget, optimizer }: Pick<Setup, 'subjects' | 'config' | 'budget' | 'optimizer'>,
  emit: (event: TrainerEvent) => void,
): Setup {
  const {
    model,
    data: { train, validation },
  } = subjects;
  const state = firstState(config.accumulation);
  const run = { steps: budget.scheduleSteps, learningRate: optimizer.learningRate };
  const schedule = buildSchedule(config.schedule, run);
  const position = (): number => budget.scheduleStep(state);
  const { runDirectory } = subjects;
  const metrics = Object.keys(subjects.metrics ?? {});
  if (metrics.length > 0 && validation === undefined) refuseMetrics(metrics);
  const { batchSize, order, seed, mode, precision, labelSmoothing, zLoss, checkpointing } = config;
  const data = new DataCursor(train, { batchSize, order, seed });
  const builtIn = builtInParts({ config, model, optimizer, schedule, position, metrics, runDirectory });
  const parts = new PartList([...builtIn, ...(subjects.parts ?? [])]);
  const carried = new CarriedStates(model);
  const scaler = precision === 'float16' ? new GradScaler({}, deviceOf(model)) : undefined;
  const random = new StepRandom(seed);
  const clipNorm = config.clipNorm ?? undefined;
  return {
    subjects,
    config,
    budget,
    optimizer,
    scaler,
    state,
    parts,
    random,
    data,
    carried,
    updater: new Updater({
      ...{ model, optimizer, mode, precision, clipNorm, labelSmoothing, zLoss, scaler, carried },
      ...{ random, parts, emit, checkpointing },
    }),
    evaluator: validation && new Evaluator(model, validation, { batchSize, mode }),
  };
}

/** Fills in the defaults that depend on how often the data is seen and on the number of steps. */
function resolved(
  given: TrainerConfig,
  budget: Budget,
  { model, data }: TrainerSubjects,
  readyMade: Optimizer | undefined,
): { config: ResolvedConfig; optimizer: Optimizer } {
  const steps = budget.scheduleSteps;
  const epochs = expectedEpochs(given, data.train, given.batchSize);
  const settings = readyMade
    ? undefined
    : parseConfig('Trainer', optimizerConfigSchema, given.optimizer ?? defaultOptimizer(epochs));
  const optimizer = readyMade ?? buildOptimizer(settings!, model);
  const schedule = given.schedule ?? parseConfig('Trainer', scheduleConfigSchema, defaultSchedule(steps, optimizer));
  const evaluateEvery =
    given.evaluateEvery ?? (budget.steps === undefined ? EVALUATE_EVERY : Math.ceil(steps / EVALUATIONS));
  const checkpointEvery = given.checkpointEvery ?? evaluateEvery;
  return { config: { ...given, optimizer: settings, schedule, evaluateEvery, checkpointEvery }, optimizer };
}

function refuseMetrics(names: readonly string[]): never {
  const fix = 'Metrics are measured when the validation split is evaluated: pass data.validation.';
  const expected = `a validation split for ${names.join(', ')}`;
  raise('PAL_CONFIG', { where: 'Trainer', expected, received: 'none', fix });
}
