import type { OptionChecks } from '../../../core/index.js';
import { join } from 'node:path';
import { checkOptions, raise } from '../../../core/index.js';
import type { Callback, TrainerRun } from '../callback.js';
import { listEvaluationFigures, listEventFigures, listStepFigures } from '../figures.js';
import type { TrainerEvaluation, TrainerEvent, TrainerStep } from '../../report.js';
import { EventFile } from './event-file.js';
import type { NamedHistograms } from '../histograms/histogram.js';
import { ParameterHistograms } from '../histograms/parameter-histograms.js';

/** Events wait at most this long in memory. */
const WAIT_MS = 2000;

/** Settings of {@link TensorBoard}. */
export interface TensorBoardOptions {
  /** The folder of the event files (default: `tensorboard` in the run directory). */
  directory?: string;
  /** Adds a histogram of every weight and every gradient at each evaluation (default false). */
  histograms?: boolean;
}

/** The keys of {@link TensorBoardOptions}. */
export const tensorBoardKeys: OptionChecks<TensorBoardOptions> = { directory: true, histograms: true };

/**
 * Writes the course of a run for TensorBoard: losses, norms, rates and memory as scalars, the configuration as a text,
 * weights and gradients as histograms where asked for, here or by {@link Histograms}.
 *
 * @remarks A resumed run writes a new file, whose start makes TensorBoard forget the steps that come again.
 * @example new Trainer({ …, callbacks: [new TensorBoard()] }) // then: tensorboard --logdir runs
 */
export class TensorBoard implements Callback {
  readonly name = 'tensorboard';
  private file: EventFile | undefined;
  private parameters: ParameterHistograms | undefined;
  private flushed = 0;

  constructor(private readonly options: TensorBoardOptions = {}) {
    checkOptions('TensorBoard', options, tensorBoardKeys);
  }

  async onStart(run: TrainerRun): Promise<void> {
    this.file = new EventFile(this.options.directory ?? selectDirectory(run));
    if (this.options.histograms) this.parameters = new ParameterHistograms(run.model);
    if (run.step > 0) this.file.add({ type: 'start', step: run.step + 1 });
    this.file.add({ type: 'text', step: run.step, tag: 'config', text: formatMarkdown(run.config) });
    await this.flush();
  }

  async onStep(step: TrainerStep): Promise<void> {
    this.file?.add({ type: 'scalars', step: step.index, values: listStepFigures(step) });
    if (performance.now() - this.flushed > WAIT_MS) await this.flush();
  }

  async onEvaluation(evaluation: TrainerEvaluation): Promise<void> {
    const { step } = evaluation;
    this.file?.add({ type: 'scalars', step, values: listEvaluationFigures(evaluation) });
    if (this.parameters !== undefined) {
      this.addHistograms(step, 'weights', await this.parameters.takeWeights());
      this.addHistograms(step, 'gradients', await this.parameters.takeGradients());
    }
    await this.flush();
  }

  async onCheckpoint(): Promise<void> {
    await this.flush();
  }

  onEvent(event: TrainerEvent): void {
    if (event.type === 'histograms') {
      this.addHistograms(event.step, 'weights', event.weights);
      this.addHistograms(event.step, 'gradients', event.gradients);
    }
    const values = listEventFigures(event);
    if ('step' in event && Object.keys(values).length > 0)
      this.file?.add({ type: 'scalars', step: event.step, values });
  }

  async onEnd(): Promise<void> {
    await this.flush();
    this.parameters?.dispose();
  }

  private addHistograms(step: number, kind: string, histograms: NamedHistograms): void {
    for (const [name, histogram] of Object.entries(histograms))
      this.file?.add({ type: 'histogram', step, tag: `${kind}/${name}`, histogram });
  }

  private async flush(): Promise<void> {
    this.flushed = performance.now();
    await this.file?.flush();
  }
}

function selectDirectory({ directory }: TrainerRun): string {
  if (directory !== undefined) return join(directory, 'tensorboard');
  raise('PAL_ARGUMENT', {
    where: 'TensorBoard',
    expected: 'a directory',
    received: 'a run without one',
    fix: 'Pass { directory }, or give the trainer a runDirectory.',
  });
}

function formatMarkdown(config: Readonly<Record<string, unknown>>): string {
  return `\`\`\`json\n${JSON.stringify(config, null, 2)}\n\`\`\``;
}
