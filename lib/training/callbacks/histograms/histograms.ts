import { checkOptions, expectPositiveInteger } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import type { TrainerStep } from '../../report.js';
import type { Callback, TrainerRun } from '../callback.js';
import { ParameterHistograms } from './parameter-histograms.js';

/** When {@link Histograms} are counted. */
export interface HistogramsOptions {
  /** Updates between two of them (default: as the evaluations). */
  every?: number | undefined;
}

/** The keys of {@link HistogramsOptions}. */
export const histogramsKeys: OptionChecks<HistogramsOptions> = { every: true };

/**
 * Counts the values of every weight and every gradient now and then, for whatever records the run: TensorBoard draws
 * them, `metrics.jsonl` holds range, mean, deviation and norm of each.
 *
 * @remarks Gradients are those of the update before, after clipping.
 * @example new Trainer({ …, callbacks: [new Histograms({ every: 100 }), new TensorBoard()] })
 */
export class Histograms implements Callback {
  readonly name = 'histograms';
  private readonly every: number | undefined;
  private run: TrainerRun | undefined;
  private parameters: ParameterHistograms | undefined;

  /** @throws ArgumentError unless `every` is a positive integer */
  constructor(options: HistogramsOptions = {}) {
    const { every } = checkOptions('Histograms', options, histogramsKeys);
    this.every = every === undefined ? undefined : expectPositiveInteger('Histograms', 'every', every);
  }

  onStart(run: TrainerRun): void {
    this.run = run;
    this.parameters = new ParameterHistograms(run.model);
  }

  /** Gradients of an update that was left out are no numbers, and no weight has changed. */
  async onStep({ index: step, skipped, validation }: TrainerStep): Promise<void> {
    const { run, parameters } = this;
    const every = this.every ?? run?.config.evaluateEvery;
    const due = every === undefined ? validation !== undefined : step % Number(every) === 0;
    if (run === undefined || parameters === undefined || skipped || !due) return;
    const weights = await parameters.takeWeights();
    run.emit({ type: 'histograms', step, weights, gradients: await parameters.takeGradients() });
  }

  onEnd(): void {
    this.parameters?.dispose();
    this.parameters = undefined;
  }
}
