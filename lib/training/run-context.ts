import { raise } from '../core/index.js';
import { GradScaler, buildOptimizer, buildSchedule } from '../optim/index.js';
import type { Optimizer } from '../optim/index.js';
import { LossMetric } from '../evaluation/losses/index.js';
import { isLanguageModel } from '../models/interface/index.js';
import { RecurrentStates, expectCovered } from '../step/index.js';
import type { StepMode } from '../step/index.js';
import { MEASURED, OBJECTIVE, resolveJudges } from './best-metric.js';
import type { Judges } from './best-metric.js';
import { createBuiltInCallbacks } from './callbacks/built-in.js';
import { CallbackList } from './callbacks/callback-list.js';
import { DataCursor } from './step/data-cursor.js';
import { expectDeterministic } from './checkpoint/determinism.js';
import { expectSettings } from './config/expect-settings.js';
import { freezeParameters } from './config/freeze-parameters.js';
import { resolveTrainerConfig } from './config/resolve-config.js';
import type { TrainerEvent } from './report.js';
import { createRunState } from './checkpoint/run-state.js';
import type { RunState } from './checkpoint/run-state.js';
import { StepRandom } from './step/step-random.js';
import { StepRunner } from './step/step-runner.js';
import type { TrainerConfig } from './config/trainer-config.js';
import { callOptimizerFactory, createOwnSchedule } from './config/own-functions.js';
import type { ParsedOptions } from './config/trainer-options.js';
import type { TrainerInputs } from './config/trainer-inputs.js';
import type { RunContext, RunSettings } from './run-settings.js';
import { listValidationSets } from './validation-sets.js';
import type { ValidationSets } from './validation-sets.js';

/**
 * Creates what a run works with; of options that don't fit nothing stays behind.
 * @param options - taken apart and checked
 * @param emit - hears of what happens between steps
 * @returns settings with all defaults, and the parts whose state changes
 * @throws ConfigError for settings that don't fit each other; PalabraError of code PAL_UNSUPPORTED for a device that
 *   can't do what is asked
 */
export function createRunContext(
  { inputs, named, own }: ParsedOptions,
  emit: (event: TrainerEvent) => void,
): RunContext {
  const { model, data } = inputs;
  const unfreeze = freezeParameters(model, (named.freeze ?? []) as readonly string[]);
  let made: Optimizer | undefined;
  try {
    const ready = own.optimizer && callOptimizerFactory(own.optimizer, model);
    if (ready !== own.optimizer) made = ready;
    const run = { train: data.train, validated: data.validation !== undefined, optimizer: ready };
    const { config, limits } = resolveTrainerConfig(named, { ...run, scheduled: own.schedule !== undefined });
    if (config.deterministic) expectDeterministic(model.device);
    const validation = listValidationSets(data);
    const judges = createJudges(config, inputs, validation);
    const optimizer = ready ?? (made = buildOptimizer(config.optimizer!, model, config.parameterGroups));
    return assembleRun({ inputs, named, config, own, limits, optimizer, validation, judges }, emit);
  } catch (error) {
    made?.dispose();
    unfreeze();
    throw error;
  }
}

/** Creates everything around the optimizer. */
function assembleRun(settings: RunSettings, emit: (event: TrainerEvent) => void): RunContext {
  const { inputs, config, optimizer } = settings;
  const { model, data, leftOut, callbacks: given = [] } = inputs;
  const metrics = (inputs.metrics ?? []).map(({ name }) => name);
  expectSettings({ config, optimizer, callbacks: given, metrics, validated: data.validation !== undefined });
  expectCovered('Trainer', model, optimizer, leftOut);
  const { batchSize, order, seed, mode, precision, labelSmoothing, zLoss, checkpointing } = config;
  const state = createRunState(config.accumulation);
  const cursor = new DataCursor(data.train, { batchSize, order, seed });
  const callbacks = createCallbacks(settings, state, cursor);
  const recurrentStates = new RecurrentStates(model);
  const scaler = precision === 'float16' ? new GradScaler({}, model.device) : undefined;
  const random = new StepRandom(seed);
  const own = inputs.loss && { loss: inputs.loss };
  const runner = new StepRunner({
    ...own,
    ...{ model, optimizer, leftOut, mode, precision, labelSmoothing, zLoss, checkpointing, scaler, recurrentStates },
    ...{ maxGradNorm: config.maxGradNorm ?? undefined, state, random, callbacks, emit },
    epoch: () => cursor.epoch,
  });
  const losses = createLosses(inputs, mode);
  return { ...settings, state, data: cursor, scaler, recurrentStates, callbacks, random, runner, ...losses };
}

/** Evaluations measure the loss of a language model whatever it is trained by, which comes beside it. */
function createLosses({ model, loss }: TrainerInputs, mode: StepMode): Pick<RunContext, 'loss' | 'objective'> {
  if (!isLanguageModel(model)) return { loss: new LossMetric(mode, loss), objective: undefined };
  return { loss: new LossMetric(mode), objective: loss && new LossMetric(mode, loss) };
}

function createCallbacks(settings: RunSettings, state: RunState, cursor: DataCursor): CallbackList {
  const { inputs, config, own, limits, optimizer, judges } = settings;
  const { model, runDirectory, callbacks = [] } = inputs;
  const run = { steps: limits.scheduleSteps, learningRate: optimizer.learningRate };
  const progress = () => ({ epoch: cursor.epoch, validation: state.latest });
  const schedule = own.schedule ? createOwnSchedule(own.schedule, run, progress) : buildSchedule(config.schedule!, run);
  const scheduleStep = (): number => limits.scheduleStep(state);
  const context = { config, model, optimizer, schedule, scheduleStep, judges, runDirectory };
  return new CallbackList([...createBuiltInCallbacks(context), ...callbacks]);
}

/** The figures that decide on the best model and on early stopping. */
function createJudges(config: TrainerConfig, inputs: TrainerInputs, { named, sets }: ValidationSets): Judges {
  const { model, loss, metrics: given = [] } = inputs;
  const languageModel = isLanguageModel(model);
  const metrics = [...(languageModel && loss ? [{ name: OBJECTIVE }] : []), ...given];
  expectDistinctMetrics(metrics.map(({ name }) => name));
  return resolveJudges(config, { metrics, sets: named ? [...sets.keys()] : [], languageModel });
}

/** Requires metrics with names of their own. */
function expectDistinctMetrics(names: readonly string[]): void {
  const twice = [...MEASURED, ...names].find((name, index, all) => all.indexOf(name) !== index);
  if (twice === undefined) return;
  raise('PAL_CONFIG', { where: 'Trainer', expected: 'metrics with different names', received: `${twice} twice` });
}
