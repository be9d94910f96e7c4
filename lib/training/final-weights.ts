import { copyWeights } from '../step/index.js';
import type { WeightCopy } from '../step/index.js';
import type { RunContext } from './run-settings.js';

/** The parts of a run that decide on its final weights. */
export type FinalContext = Pick<RunContext, 'inputs' | 'config' | 'state' | 'callbacks'>;

/**
 * The weights that a model is left with when its run ends: those of the best evaluation, or those that are evaluated and
 * published after the last step.
 */
export class FinalWeights implements Disposable {
  private best: WeightCopy | undefined;

  constructor(private readonly context: FinalContext) {}

  /** Remembers the weights in place as the best; for a run without a folder that would hold them. */
  keep(): void {
    const { inputs, config } = this.context;
    this.dispose();
    if (config.restoreBest) this.best = copyWeights(inputs.model);
  }

  /** Puts the final weights into the model. @param stored - puts the best ones there, where a folder holds them */
  async settle(stored: { restoreBest(): Promise<void> } | undefined): Promise<void> {
    const { inputs, config, state } = this.context;
    if (!config.restoreBest || state.best === undefined) return this.settleLast();
    if (stored !== undefined) return stored.restoreBest();
    if (this.best !== undefined) inputs.model.loadStateDict(this.best.tensors);
  }

  dispose(): void {
    this.best?.[Symbol.dispose]();
    this.best = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  private async settleLast(): Promise<void> {
    const { inputs, state, callbacks } = this.context;
    if (!callbacks.averages || state.step === 0) return;
    using average = await callbacks.withWeights(() => Promise.resolve(copyWeights(inputs.model)));
    inputs.model.loadStateDict(average.tensors);
  }
}
