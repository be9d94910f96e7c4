import { raise } from '../../core/index.js';
import type { Optimizer, ScheduleConfig } from '../../optim/index.js';
import type { Callback } from '../callbacks/callback.js';
import type { TrainerConfig } from './trainer-config.js';

/** The parts of a run whose settings have to fit each other. */
export interface SettledRun {
  config: TrainerConfig & { schedule?: ScheduleConfig | undefined };
  optimizer: Optimizer;
  callbacks: readonly Callback[];
  /** The names of the trainer's own metrics. */
  metrics: readonly string[];
  /** True if there is validation data. */
  validated: boolean;
}

/**
 * Requires settings that can act: nothing that waits for evaluations where none is made, and one average of the weights.
 * @param run - its settings with all defaults
 * @throws ConfigError naming the setting and what it lacks
 */
export function expectSettings(run: SettledRun): void {
  expectOneAverage(run);
  expectOwnGroups(run);
  const waiting = listWaiting(run);
  if (run.validated || waiting.length === 0) return;
  raise('PAL_CONFIG', {
    where: 'Trainer',
    expected: `a validation split for ${waiting.join(', ')}`,
    received: 'none',
    fix: 'It acts when validation data are evaluated: pass data.validation, or leave it out.',
  });
}

/** What acts on evaluations alone. */
function listWaiting({ config, callbacks, metrics }: SettledRun): string[] {
  const stopping = config.earlyStopping !== undefined || callbacks.some(({ name }) => name === 'early-stopping');
  return [
    ...metrics,
    ...(stopping ? ['earlyStopping'] : []),
    ...(config.bestMetric === undefined ? [] : ['bestMetric']),
    ...(config.restoreBest ? ['restoreBest'] : []),
    ...(config.evaluateAt === undefined ? [] : ['evaluateAt']),
    ...(config.schedule?.type === 'plateau' ? ['the plateau schedule'] : []),
  ];
}

/** Requires that names of parameters reach the optimizer: one that was made before has groups of its own. */
function expectOwnGroups({ config, optimizer }: SettledRun): void {
  const { optimizer: settings, freeze = [], parameterGroups = [] } = config;
  if (settings !== undefined) return;
  const late = freeze.length > 0 && hasFrozenState(optimizer);
  if (!late && parameterGroups.length === 0) return;
  raise('PAL_CONFIG', {
    where: 'Trainer',
    expected: `${late ? 'freeze' : 'parameterGroups'} with an optimizer that the trainer makes`,
    received: `${optimizer.constructor.name}, which was made elsewhere`,
    fix: late ? 'Freeze the model, then make the optimizer.' : 'Give the optimizer its groups when you make it.',
  });
}

/** Tells whether an optimizer keeps a state for parameters that are frozen. */
function hasFrozenState(optimizer: Optimizer): boolean {
  const parameters = optimizer.groups.flatMap((group) => Object.entries(group.parameters));
  const frozen = parameters.filter(([, { requiresGrad }]) => !requiresGrad);
  const state = Object.keys(optimizer.stateDict());
  return frozen.some(([name]) => state.some((key) => key.startsWith(`${name}.`)));
}

function expectOneAverage({ config, optimizer }: SettledRun): void {
  if (config.ema === undefined || optimizer.average === undefined) return;
  raise('PAL_CONFIG', {
    where: 'Trainer',
    expected: 'ema with an optimizer that keeps no average',
    received: `${optimizer.constructor.name}, whose average is evaluated and published already`,
    fix: 'Leave out ema: an average of the weights that are interpolated with an average is worse than either.',
  });
}
