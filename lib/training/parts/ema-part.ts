import type { LanguageModel } from '../../models/index.js';
import { EMA } from '../../optim/index.js';
import type { EMAOptions } from '../../optim/index.js';
import type { PartState, TrainerPart } from '../part.js';
import type { TrainerStep } from '../report.js';
import { Runner } from '../runner.js';
import type { StepMode } from '../runner.js';
import { withAverage } from './average.js';

/** Keeps a running average of the weights, which is what is evaluated and published; see `EMA`. */
export class EmaPart implements TrainerPart {
  readonly name = 'ema';
  private readonly ema: EMA;
  private readonly update: Runner<Record<string, never>>;

  constructor(model: LanguageModel, options: EMAOptions, mode: StepMode) {
    this.ema = new EMA(model.namedParameters(), options);
    this.update = new Runner(() => {
      this.ema.update();
      return {};
    }, mode);
  }

  async onStep({ skipped }: TrainerStep): Promise<void> {
    if (!skipped) await this.update.run([]);
  }

  withWeights<T>(work: () => Promise<T>): Promise<T> {
    return withAverage(this.ema, work);
  }

  onEnd(): void {
    this.update.dispose();
    this.ema.dispose();
  }

  save(): PartState {
    return { tensors: this.ema.stateDict() };
  }

  load({ tensors = {} }: PartState): void {
    this.ema.loadStateDict(tensors);
  }
}
