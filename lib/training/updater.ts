import type { TokenBatch } from '../data/index.js';
import { memory } from '../tensor/index.js';
import { refuseNonFinite } from './non-finite.js';
import type { PartList } from './parts/part-list.js';
import { withRecovery } from './recovery.js';
import type { TrainerEvent, TrainerStep } from './report.js';
import type { RunState } from './run-state.js';
import type { StepRandom } from './step-random.js';
import { UpdateStep } from './update-step.js';
import type { UpdateResult, UpdateStepOptions } from './update-step.js';

/** Gradients that overflow at this scale would do so without any. */
const LEAST_SCALE = 1;

/** What an {@link Updater} works with. */
export interface UpdaterOptions extends Omit<UpdateStepOptions, 'generator' | 'onGradients'> {
  random: StepRandom;
  parts: PartList;
  emit: (event: TrainerEvent) => void;
}

/** Makes the updates of a run, whatever it takes: smaller pieces where memory is short, an explanation for a NaN. */
export class Updater {
  private readonly step: UpdateStep;

  constructor(private readonly options: UpdaterOptions) {
    const { random, parts } = options;
    this.step = new UpdateStep({ ...options, generator: random.generator, onGradients: parts.gradientHooks });
  }

  /**
   * Updates the weights from one batch and counts it.
   * @throws PalabraError of code PAL_NON_FINITE with step, examples and culprit; no weight has changed
   * @throws OutOfMemoryError when not even a single row fits
   */
  async run(batch: TokenBatch, state: RunState, epoch: number): Promise<TrainerStep> {
    const start = performance.now();
    const index = state.step + 1;
    this.options.parts.tellAtOnce((part) => part.onStepStart?.(index));
    const result = await this.attempts(batch, state);
    const skipped = !result.finite;
    if (skipped) await this.leaveOut(batch, index, result);
    const seconds = (performance.now() - start) / 1000;
    state.step = index;
    state.epoch = epoch;
    state.totalTokens += result.tokens;
    state.seconds += seconds;
    return this.report(result, state, { epoch, seconds, skipped });
  }

  /** Frees the recordings. */
  dispose(): void {
    this.step.dispose();
  }

  private async attempts(batch: TokenBatch, state: RunState): Promise<UpdateResult> {
    const { random, emit } = this.options;
    const context = { step: state.step + 1, rows: batch.shape[0], pieces: state.pieces, emit };
    const { result, pieces } = await withRecovery(context, (count) => {
      random.start(context.step);
      return this.step.run(batch, count);
    });
    state.pieces = Math.max(state.pieces, pieces);
    return result;
  }

  /** An overflow of scaled gradients is in order as long as the scale can fall; anything else ends the run. */
  private async leaveOut(batch: TokenBatch, step: number, { loss, gradNorm }: UpdateResult): Promise<void> {
    const { random, model, scaler, emit } = this.options;
    const scale = scaler?.scale.item() ?? 0;
    if (scale >= LEAST_SCALE) return emit({ type: 'skipped-update', step, scale });
    random.start(step);
    await refuseNonFinite({ model, batch, step, loss, gradNorm, generator: random.generator });
  }

  private report(
    { loss, gradNorm, tokens }: UpdateResult,
    { step, totalTokens }: RunState,
    more: Pick<TrainerStep, 'epoch' | 'seconds' | 'skipped'>,
  ): TrainerStep {
    const { optimizer, clipNorm } = this.options;
    const { learningRate } = optimizer;
    const tokensPerSecond = tokens / more.seconds;
    const { peakAllocatedBytes: peakBytes } = memory.stats();
    return {
      index: step,
      loss,
      gradNorm,
      learningRate,
      tokens,
      totalTokens,
      tokensPerSecond,
      peakBytes,
      clipNorm,
      ...more,
    };
  }
}
