import type { TokenBatch } from '../../data/index.js';
import { TrainStep } from '../../step/index.js';
import type { StepResult, TrainStepOptions } from '../../step/index.js';
import type { Module } from '../../nn/index.js';
import { memory } from '../../tensor/index.js';
import { throwNonFinite } from './non-finite.js';
import type { CallbackList } from '../callbacks/callback-list.js';
import type { TrainerEvent, TrainerStep } from '../report.js';
import { explainUpdateMemory, retryOnOutOfMemory } from './retry-on-out-of-memory.js';
import type { RunState } from '../checkpoint/run-state.js';
import type { StepRandom } from './step-random.js';

/** Gradients that overflow at this scale would do so without any. */
const LEAST_SCALE = 1;

/** The step and the callbacks of a run that its steps touch. */
export interface StepRunnerOptions extends Omit<TrainStepOptions<Module>, 'generator' | 'gradientHooks' | 'nonFinite'> {
  state: RunState;
  /** Passes over the training data so far. */
  epoch: () => number;
  random: StepRandom;
  callbacks: CallbackList;
  emit: (event: TrainerEvent) => void;
}

/** Makes the steps of a run, whatever it takes: smaller micro-batches where memory is short, an explanation for a NaN. */
export class StepRunner {
  private readonly step: TrainStep;

  constructor(private readonly options: StepRunnerOptions) {
    const { state: _state, epoch: _epoch, emit: _emit, random, callbacks, ...step } = options;
    const { gradientHooks } = callbacks;
    this.step = new TrainStep({ ...step, generator: random.generator, gradientHooks, nonFinite: 'report' });
  }

  /**
   * Updates the weights from one batch and counts it.
   * @throws PalabraError of code PAL_NON_FINITE with step, examples and culprit; no weight has changed
   * @throws OutOfMemoryError when not even a single row fits, or the update doesn't; no weight has changed
   */
  async run(batch: TokenBatch): Promise<TrainerStep> {
    const { state, random, callbacks, emit } = this.options;
    const start = performance.now();
    const step = state.step + 1;
    callbacks.notifySync((callback) => callback.onStepStart?.(step));
    const context = { step, rows: batch.shape[0], microBatches: state.microBatches, emit };
    const { result: gradients, microBatches } = await retryOnOutOfMemory(context, (count) => {
      random.start(step);
      return this.step.accumulateGradients(batch, { microBatches: count });
    });
    state.microBatches = Math.max(state.microBatches, microBatches);
    const result = await explainUpdateMemory(step, () => this.step.update(gradients));
    if (!result.finite) this.skipUpdate(batch, step, result);
    return this.count(result, (performance.now() - start) / 1000);
  }

  /** Frees the recordings. */
  dispose(): void {
    this.step.dispose();
  }

  /** An overflow of scaled gradients is in order as long as the scale can fall; anything else ends the run. */
  private skipUpdate(batch: TokenBatch, step: number, { loss, gradNorm }: StepResult): void {
    const { random, scaler, emit } = this.options;
    const scale = scaler?.scale.item() ?? 0;
    if (scale >= LEAST_SCALE) return emit({ type: 'skipped-update', step, scale });
    random.start(step);
    throwNonFinite({ objective: this.options, batch, step, loss, gradNorm, generator: random.generator });
  }

  /** Adds a step to the state of the run. */
  private count({ loss, gradNorm, tokens, metrics, finite }: StepResult, seconds: number): TrainerStep {
    const { state, epoch, optimizer, maxGradNorm } = this.options;
    state.step++;
    state.epoch = epoch();
    state.totalTokens += tokens;
    state.seconds += seconds;
    return {
      index: state.step,
      ...{ loss, gradNorm, tokens, seconds, maxGradNorm },
      learningRate: optimizer.learningRate,
      totalTokens: state.totalTokens,
      epoch: state.epoch,
      tokensPerSecond: tokens / seconds,
      peakBytes: memory.stats().peakAllocatedBytes,
      skipped: !finite,
      ...(Object.keys(metrics).length > 0 && { metrics }),
    };
  }
}
