/** The settings of a run, and the state that changes with its steps. */
import type { PlainSettings } from '../core/index.js';
import type { GradScaler, Optimizer } from '../optim/index.js';
import type { OwnFunctions } from './config/own-functions.js';
import type { Judges } from './best-metric.js';
import type { ValidationSets } from './validation-sets.js';
import type { Limits } from './config/limits.js';
import type { ResolvedConfig } from './config/trainer-config.js';
import type { TrainerInputs } from './config/trainer-inputs.js';
import type { RecurrentStates } from '../step/index.js';
import type { CallbackList } from './callbacks/callback-list.js';
import type { RunState } from './checkpoint/run-state.js';
import type { DataCursor } from './step/data-cursor.js';
import type { LossMetric } from '../evaluation/losses/index.js';
import type { StepRandom } from './step/step-random.js';
import type { StepRunner } from './step/step-runner.js';

/** Settings and their consequences: fixed for the whole run. */
export interface RunSettings {
  inputs: TrainerInputs;
  /** The settings that were named; all others of `config` follow from them, the model and the data. */
  named: PlainSettings;
  config: ResolvedConfig;
  /** The settings that are no plain data. */
  own: OwnFunctions;
  limits: Limits;
  optimizer: Optimizer;
  validation: ValidationSets;
  judges: Judges;
}

/** The parts of a run whose state changes, which is what checkpoints hold. */
export interface ResumableState {
  state: RunState;
  data: DataCursor;
  scaler: GradScaler | undefined;
  /** The states that training batches hand on. */
  recurrentStates: RecurrentStates;
  callbacks: CallbackList;
}

/** Everything a run works with. */
export interface RunContext extends RunSettings, ResumableState {
  random: StepRandom;
  runner: StepRunner;
  /** The loss on the validation split. */
  loss: LossMetric;
  /** The loss that a language model is trained by, where that isn't its own. */
  objective: LossMetric | undefined;
}
