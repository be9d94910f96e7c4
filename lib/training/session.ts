import { assertCausal } from '../evaluation/index.js';
import { holdDeterministic } from './determinism.js';
import type { TrainerEnd, TrainerRun } from './part.js';
import type { TrainerEvent, TrainerStep } from './report.js';
import { RunFiles } from './run-files.js';
import { RunFolder } from './run-folder.js';
import { setUp } from './setup.js';
import type { Setup } from './setup.js';
import type { CheckedOptions } from './trainer-options.js';
import { Validation } from './validation.js';

/** The work of a {@link Trainer}: what its steps are made of, from the first to the last. */
export class TrainerSession {
  readonly setup: Setup;
  private readonly validation: Validation;
  private files: RunFiles | undefined;
  private failed = false;
  private error: unknown;
  private closed = false;
  private reason: string | undefined;
  private readonly stopping = new AbortController();
  private release: (() => void) | undefined;
  private readonly onAbort = (): void => this.stop('aborted');

  constructor(options: CheckedOptions) {
    this.setup = setUp(options, (event) => this.emit(event));
    this.validation = new Validation(this.setup, this.stopping.signal, async (best) => this.files?.publish(best));
  }

  /** Whether no further step is to be made. */
  get ended(): boolean {
    return this.reason !== undefined || this.setup.budget.spent(this.setup.state);
  }

  /** How the run ended. */
  get end(): TrainerEnd {
    const { step, best } = this.setup.state;
    if (this.failed) return { step, best, reason: 'error', error: this.error };
    return { step, best, reason: this.reason ?? 'budget' };
  }

  /** Ends the run after the step under way; the first reason stays. */
  stop(reason: string): void {
    this.reason ??= reason;
    this.stopping.abort();
  }

  /** Takes the folder, goes to the newest checkpoint, checks the model and starts the parts. */
  async open(): Promise<void> {
    const { subjects, data, carried, parts } = this.setup;
    if (subjects.signal?.aborted === true) this.onAbort();
    subjects.signal?.addEventListener('abort', this.onAbort, { once: true });
    if (this.setup.config.deterministic) this.release = holdDeterministic();
    await this.openFolder();
    const rows = data.peek();
    carried.expect(rows);
    assertCausal(subjects.model, { rows });
    await this.files?.begin();
    await parts.tell((part) => part.onStart?.(this.seenByParts()));
    // A run that was stopped during an evaluation makes it now.
    await this.validation.measure();
  }

  /** One update of the weights. */
  async update(): Promise<TrainerStep> {
    const { data, updater, state } = this.setup;
    const batch = data.next();
    return await updater.run(batch, state, data.epoch);
  }

  /** Evaluates where it is due and puts what was found into the step. */
  async evaluate(step: TrainerStep): Promise<void> {
    const found = await this.validation.measure();
    if (found !== undefined) step.validation = found;
  }

  /** Saves a checkpoint where it is due. */
  async save(): Promise<void> {
    const { config, state } = this.setup;
    if (this.ended || state.step % config.checkpointEvery === 0) await this.files?.checkpoint();
  }

  /** Gives everything back after a step has failed; what goes wrong with that is a warning. */
  async abandon(error: unknown): Promise<void> {
    this.failed = true;
    this.error = error;
    await this.close().catch((other: unknown) => {
      process.emitWarning(other as Error);
    });
  }

  /** Saves what isn't saved yet, tells the parts and gives everything back; a second call does nothing. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    try {
      if (!this.failed) await this.files?.complete();
      if (!this.ended) this.stop('left');
      await this.setup.parts.tell((part) => part.onEnd?.(this.end));
    } finally {
      this.dispose();
    }
  }

  private async openFolder(): Promise<void> {
    const { runDirectory, resume = false } = this.setup.subjects;
    if (runDirectory === undefined) return;
    const folder = await RunFolder.open(runDirectory, this.setup.config.keep);
    this.files = new RunFiles(this.setup, folder, (event) => this.emit(event));
    if (resume) await this.files.restore();
    else await folder.expectUnused();
  }

  private dispose(): void {
    const { subjects, updater, evaluator, random, scaler, carried } = this.setup;
    subjects.signal?.removeEventListener('abort', this.onAbort);
    updater.dispose();
    evaluator?.dispose();
    random.dispose();
    scaler?.dispose();
    carried.dispose();
    this.release?.();
    this.files?.close();
  }

  private emit(event: TrainerEvent): void {
    this.setup.parts.tellAtOnce((part) => part.onEvent?.(event));
  }

  private seenByParts(): TrainerRun {
    const { subjects, optimizer, config, budget, state } = this.setup;
    const { size, targetCount } = subjects.data.train;
    return {
      model: subjects.model,
      optimizer,
      directory: subjects.runDirectory,
      config: { ...config },
      get step() {
        return state.step;
      },
      steps: budget.steps,
      data: { size, targetCount },
      stop: (reason) => this.stop(reason),
      emit: (event) => this.emit(event),
    };
  }
}
