import type { TrainerEvaluation, TrainerEvent, TrainerStep } from '../report.js';
import { GradientWatch } from './gradient-watch.js';
import type { GradientExplosion } from './gradient-watch.js';
import type { EvaluationRecord, RunFacts, RunHistory } from './record.js';

/** A learning rate below this share of the highest one teaches nothing. */
const DEAD_SHARE = 1e-3;

/** The fields of a step that are recorded. */
export type RecordedStep = Pick<TrainerStep, 'index' | 'loss' | 'gradNorm' | 'learningRate'> & { skipped?: boolean };

/** The fields of an evaluation that are recorded. */
export type RecordedEvaluation = Pick<TrainerEvaluation, 'step' | 'epoch' | 'loss'>;

/**
 * Tells whether an error, as thrown or as logged, is of gradients out of hand.
 * @param error - anything
 * @returns true for codes PAL_NON_FINITE and PAL_DIVERGED
 */
export function isDivergence(error: unknown): error is { details: Partial<GradientExplosion> } {
  return ['PAL_NON_FINITE', 'PAL_DIVERGED'].includes(String(readCode(error)));
}

function readCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** Gathers the course of a run, step by step or from its log. Memory grows with evaluations, not with steps. */
export class RunRecorder {
  private readonly watch = new GradientWatch();
  private losses = { sum: 0, count: 0 };
  private readonly found: RunHistory & { evaluations: EvaluationRecord[] };

  constructor(private readonly facts: RunFacts) {
    const nothing = { firstLoss: undefined, explosion: undefined, outOfMemory: undefined, end: undefined };
    const rates = { peakLearningRate: 0, lastLearningRate: 0, deadSteps: 0 };
    this.found = { steps: 0, ...rates, evaluations: [], ...nothing };
  }

  /** The course of the run so far. */
  get history(): RunHistory {
    return this.found;
  }

  /** A process begins to work on the run after `step`: what an earlier one did beyond that comes again. */
  start(step: number): void {
    const { found } = this;
    found.steps = step;
    found.end = undefined;
    found.explosion = undefined;
    found.evaluations = found.evaluations.filter((evaluation) => evaluation.step <= step);
    this.watch.resetSpikes();
    this.losses = { sum: 0, count: 0 };
  }

  /** An update of the weights, or one left out because scaled gradients overflowed. */
  step({ index, loss, gradNorm, learningRate, skipped = false }: RecordedStep): void {
    const { found } = this;
    found.steps = index;
    if (index === 1) found.firstLoss = loss;
    this.rate(learningRate);
    if (skipped) return;
    found.explosion ??= this.watch.see({ step: index, loss, gradNorm, learningRate });
    this.losses.sum += loss;
    this.losses.count++;
  }

  /** An evaluation of the validation split. */
  evaluation({ step, epoch, loss }: RecordedEvaluation): void {
    const { sum, count } = this.losses;
    const trainLoss = count === 0 ? undefined : sum / count;
    const { steps, lastLearningRate } = this.found;
    const learningRate = steps === 0 ? undefined : lastLearningRate;
    this.found.evaluations.push({ step, epoch, loss, trainLoss, learningRate });
    this.losses = { sum: 0, count: 0 };
  }

  /** Something other than a step. */
  event(event: TrainerEvent): void {
    if (event.type !== 'out-of-memory') return;
    const { step, rows, microBatches } = event;
    this.found.outOfMemory = { step, rows, microBatches, fatal: false };
  }

  /** The run has ended, perhaps with an error of the library. */
  end(reason: string, error: unknown = undefined): void {
    this.found.end = reason;
    if (isDivergence(error)) this.exploded(error.details);
    if (readCode(error) === 'PAL_OUT_OF_MEMORY') this.recordOutOfMemory();
  }

  /** The trainer has refused a step whose loss or gradients got out of hand. */
  private exploded({ step = this.found.steps, loss = NaN, gradNorm = NaN }: Partial<GradientExplosion>): void {
    const { average } = this.watch;
    const { peakLearningRate, lastLearningRate } = this.found;
    // At the first step of a process no rate has been seen.
    const learningRate = peakLearningRate > 0 ? lastLearningRate : (this.facts.learningRate ?? 0);
    this.found.explosion ??= { step, loss, gradNorm, average, learningRate };
  }

  private recordOutOfMemory(): void {
    const { steps, outOfMemory: { step, rows, microBatches } = { step: steps + 1, rows: 1, microBatches: 1 } } =
      this.found;
    this.found.outOfMemory = { step, rows, microBatches, fatal: true };
  }

  private rate(learningRate: number): void {
    const { found } = this;
    found.lastLearningRate = learningRate;
    found.peakLearningRate = Math.max(found.peakLearningRate, learningRate);
    const floor = Math.max(this.facts.minimumLearningRate ?? 0, DEAD_SHARE * found.peakLearningRate);
    found.deadSteps = learningRate <= floor ? found.deadSteps + 1 : 0;
  }
}
