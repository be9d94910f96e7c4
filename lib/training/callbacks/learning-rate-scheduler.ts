import type { LearningRateSchedule, Optimizer } from '../../optim/index.js';
import type { CallbackState, Callback } from './callback.js';
import type { TrainerEvaluation } from '../report.js';

/** Sets the learning rate before each step, and lets the schedule hear how good evaluations are. */
export class LearningRateScheduler implements Callback {
  readonly name = 'schedule';

  constructor(
    private readonly optimizer: Optimizer,
    private readonly schedule: LearningRateSchedule,
    /** The step of the schedule for the coming update. */
    private readonly position: () => number,
    /** The value of an evaluation, of which lower is better. */
    private readonly score: (evaluation: TrainerEvaluation) => number,
  ) {}

  onStepStart(): void {
    this.optimizer.learningRate = this.schedule.rate(this.position());
  }

  onEvaluation(evaluation: TrainerEvaluation): void {
    this.schedule.onEvaluation(this.score(evaluation));
  }

  save(): CallbackState {
    return { values: this.schedule.save() };
  }

  load({ values }: CallbackState): void {
    this.schedule.load(values as ReturnType<LearningRateSchedule['save']>);
  }
}
