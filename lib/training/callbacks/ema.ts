import { listBaseWeights } from '../../nn/index.js';
import type { Module } from '../../nn/index.js';
import { EMA } from '../../optim/index.js';
import type { EMAOptions } from '../../optim/index.js';
import { compile } from '../../step/index.js';
import type { CompiledFunction, StepMode } from '../../step/index.js';
import type { CallbackState, Callback } from './callback.js';
import type { TrainerStep } from '../report.js';
import { runWithAverage } from './average.js';

/** Keeps a running average of the weights, which is what is evaluated and published; see `EMA`. */
export class EmaCallback implements Callback {
  readonly name = 'ema';
  private readonly ema: EMA;
  private loaded = false;
  private readonly update: CompiledFunction<Record<string, never>>;

  constructor(model: Module, options: EMAOptions, mode: StepMode) {
    const base = listBaseWeights(model);
    const averaged = Object.entries(model.namedParameters()).filter(([name]) => !(name in base));
    this.ema = new EMA(Object.fromEntries(averaged), options);
    this.update = compile(() => {
      this.ema.update();
      return {};
    }, mode);
  }

  /** The weights may have come from a checkpoint since the average was made. */
  onStart(): void {
    if (!this.loaded) this.ema.reset();
  }

  async onUpdate({ skipped }: TrainerStep): Promise<void> {
    if (!skipped) await this.update.run();
  }

  withWeights<T>(work: () => Promise<T>): Promise<T> {
    return runWithAverage(this.ema, work);
  }

  onEnd(): void {
    this.update.dispose();
    this.ema.dispose();
  }

  save(): CallbackState {
    return { tensors: this.ema.stateDict() };
  }

  load({ tensors = {} }: CallbackState): void {
    this.loaded = true;
    this.ema.loadStateDict(tensors);
  }
}
