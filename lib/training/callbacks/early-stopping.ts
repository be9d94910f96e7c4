import type { OptionChecks } from '../../core/index.js';
import { checkOptions, expectOneOf, expectPositiveInteger, expectRange } from '../../core/index.js';
import type { CallbackState, Callback, TrainerRun } from './callback.js';
import type { TrainerEvaluation } from '../report.js';

/** When {@link EarlyStopping} ends a run. */
export interface EarlyStoppingOptions {
  /** The value that is looked at (default: the validation perplexity, or the loss where there is none). */
  metric?: (evaluation: TrainerEvaluation) => number;
  /** The direction of progress (default `lowest`). */
  goal?: 'lowest' | 'highest';
  /** Evaluations without progress that end the run (default 3). */
  patience?: number;
  /** The smallest change that counts as progress (default 0). */
  minimumDelta?: number;
}

/** The keys of {@link EarlyStoppingOptions}. */
export const earlyStoppingKeys: OptionChecks<EarlyStoppingOptions> = {
  metric: true,
  goal: true,
  patience: true,
  minimumDelta: true,
};

/** Ends a run when a value stops getting better from one evaluation to the next. */
export class EarlyStopping implements Callback {
  readonly name = 'early-stopping';
  /** Lower is better. */
  private readonly metric: (evaluation: TrainerEvaluation) => number;
  private readonly patience: number;
  private readonly minimumDelta: number;
  private run: TrainerRun | undefined;
  private best = Infinity;
  private waited = 0;

  constructor(options: EarlyStoppingOptions = {}) {
    checkOptions('EarlyStopping', options, earlyStoppingKeys);
    const { metric = readPerplexity, goal = 'lowest', patience = 3, minimumDelta = 0 } = options;
    const lowest = expectOneOf('EarlyStopping', 'goal', goal, ['lowest', 'highest']) === 'lowest';
    this.metric = lowest ? metric : (evaluation) => -metric(evaluation);
    this.patience = expectPositiveInteger('EarlyStopping', 'patience', patience);
    this.minimumDelta = expectRange('EarlyStopping', 'minimumDelta', minimumDelta, { min: 0 });
  }

  onStart(run: TrainerRun): void {
    this.run = run;
  }

  /** A value that is no number is no progress. */
  onEvaluation(evaluation: TrainerEvaluation): void {
    const value = this.metric(evaluation);
    if (value < this.best - this.minimumDelta) {
      this.best = value;
      this.waited = 0;
      return;
    }
    this.waited++;
    if (this.waited >= this.patience) this.run?.stop('early stopping');
  }

  save(): CallbackState {
    const { best, waited } = this;
    return { values: best === Infinity ? { waited } : { waited, best } };
  }

  load(state: CallbackState): void {
    const { values } = checkOptions('EarlyStopping.load', state, { tensors: true, values: true });
    const { waited = 0, best = Infinity } = (values ?? {}) as { waited?: number; best?: number };
    this.waited = waited;
    this.best = best;
  }
}

/** A module that is no language model has a loss alone. */
function readPerplexity({ perplexity, loss }: TrainerEvaluation): number {
  return Number.isNaN(perplexity) ? loss : perplexity;
}
