import { assertCausal } from '../evaluation/verify/index.js';
import { isLanguageModel } from '../models/interface/index.js';
import { holdDeterministic } from './checkpoint/determinism.js';
import type { TrainerEnd, TrainerRun } from './callbacks/callback.js';
import type { TrainerEvent, TrainerStep } from './report.js';
import { RunLog } from './callbacks/run-log.js';
import { expectTokenIds } from '../step/index.js';
import { expectFiniteEvaluation } from './best-metric.js';
import { FinalWeights } from './final-weights.js';
import { RunFiles } from './run-directory/run-files.js';
import { RunFolder } from './run-directory/run-folder.js';
import { createRunContext } from './run-context.js';
import type { RunContext } from './run-settings.js';
import { Cadence } from './config/cadence.js';
import type { ParsedOptions } from './config/trainer-options.js';
import { Validation } from './validation.js';

/** The work of a {@link Trainer} around its steps, from the folder it opens to the folder it closes. */
export class TrainerSession {
  readonly context: RunContext;
  private readonly validation: Validation;
  private readonly final: FinalWeights;
  private readonly runLog: RunLog;
  private readonly cadence: Cadence;
  private files: RunFiles | undefined;
  private failed = false;
  private error: unknown;
  private closed = false;
  private reason: string | undefined;
  private readonly stopping = new AbortController();
  private release: (() => void) | undefined;
  private readonly onAbort = (): void => this.stop('aborted');

  constructor(options: ParsedOptions) {
    this.context = createRunContext(options, (event) => this.emit(event));
    this.cadence = new Cadence(this.context.config.checkpointEvery, this.context.limits);
    this.final = new FinalWeights(this.context);
    this.runLog = new RunLog((values) => this.emit({ type: 'log', step: this.context.state.step, values }));
    this.validation = new Validation(this.context, this.stopping.signal, async (best) => {
      await (this.files === undefined ? this.final.keep() : this.files.publish(best));
    });
  }

  /** True if no further step is to be made. */
  get ended(): boolean {
    return this.reason !== undefined || this.context.limits.spent(this.context.state);
  }

  /** The end of the run. */
  get end(): TrainerEnd {
    const { step, best } = this.context.state;
    if (this.failed) return { step, best, reason: 'error', error: this.error };
    return { step, best, reason: this.reason ?? 'limit' };
  }

  /** Ends the run after the step under way; the first reason stays. */
  stop(reason: string): void {
    this.reason ??= reason;
    this.stopping.abort();
  }

  /** Takes the folder, goes to the newest checkpoint, checks the model and starts the callbacks. */
  async open(): Promise<void> {
    const { inputs, data, recurrentStates, callbacks } = this.context;
    if (inputs.signal?.aborted === true) this.onAbort();
    inputs.signal?.addEventListener('abort', this.onAbort, { once: true });
    if (this.context.config.deterministic) this.release = holdDeterministic();
    await this.openFolder();
    const rows = data.peek();
    recurrentStates.expectSupported(rows);
    expectTokenIds('Trainer', inputs.model, rows, 'training data');
    if (isLanguageModel(inputs.model)) assertCausal(inputs.model, { rows });
    await this.files?.begin();
    this.runLog.open();
    await callbacks.notify((callback) => callback.onStart?.(this.describeRun()));
    // A run that was stopped during an evaluation makes it now.
    await this.validation.measure();
  }

  /** Evaluates where it is due, puts what was found into the step, and tells the callbacks of it. */
  async evaluate(step: TrainerStep): Promise<void> {
    const found = await this.validation.measure();
    if (found !== undefined) step.validation = found;
    await this.context.callbacks.notify((callback) => callback.onStep?.(step));
  }

  /** Hands figures to all callbacks, and to the coming step. */
  log(values: Readonly<Record<string, number>>): void {
    this.runLog.log(values);
  }

  /** Puts the figures that were logged since the step before into a step. @returns the step */
  addLogged(step: TrainerStep): TrainerStep {
    return Object.assign(step, this.runLog.take());
  }

  /** Saves a checkpoint where it is due. */
  async save(): Promise<void> {
    const due = this.cadence.isDue(this.context.state);
    if (this.ended || due) await this.files?.checkpoint();
  }

  /** Gives everything back after a step has failed; what goes wrong with that is a warning. */
  async abandon(error: unknown): Promise<void> {
    this.failed = true;
    this.error = error;
    await this.close().catch((other: unknown) => {
      process.emitWarning(other as Error);
    });
  }

  /** Saves what isn't saved yet, tells the callbacks and gives everything back; a second call does nothing. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const completed = this.failed ? Promise.resolve() : this.complete();
    try {
      // What goes wrong at the end is heard of by the callbacks first.
      await completed.catch((error: unknown) => void ([this.failed, this.error] = [true, error]));
      this.runLog.close();
      if (!this.ended) this.stop('left');
      await this.context.callbacks.notify((callback) => callback.onEnd?.(this.end));
    } finally {
      this.dispose();
    }
    await completed;
  }

  /** Saves the last checkpoint and leaves the final weights in the model. */
  private async complete(): Promise<void> {
    await this.files?.checkpoint();
    const { inputs, config } = this.context;
    if (inputs.runDirectory !== undefined || config.restoreBest) expectFiniteEvaluation(this.context);
    await this.files?.publishLast();
    await this.final.settle(this.files);
  }

  private async openFolder(): Promise<void> {
    const { runDirectory, resume = false } = this.context.inputs;
    if (runDirectory === undefined) return;
    const folder = await RunFolder.open(runDirectory, this.context.config.keep);
    this.files = new RunFiles(this.context, folder, (event) => this.emit(event));
    if (resume) await this.files.restore();
    else await folder.expectUnused();
    if (!resume) await this.files.identify();
  }

  private dispose(): void {
    const { inputs, runner, loss, objective, random, scaler, recurrentStates } = this.context;
    inputs.signal?.removeEventListener('abort', this.onAbort);
    runner.dispose();
    this.final.dispose();
    loss.dispose();
    objective?.dispose();
    random.dispose();
    scaler?.dispose();
    recurrentStates.dispose();
    this.release?.();
    this.files?.close();
  }

  private emit(event: TrainerEvent): void {
    this.context.callbacks.notifySync((callback) => callback.onEvent?.(event));
  }

  private describeRun(): TrainerRun {
    const { inputs, optimizer, config, limits, state } = this.context;
    const { size, targetCount } = inputs.data.train;
    return {
      model: inputs.model,
      optimizer,
      directory: inputs.runDirectory,
      config: { ...config },
      get step() {
        return state.step;
      },
      steps: limits.steps,
      data: { size, targetCount },
      stop: (reason) => this.stop(reason),
      emit: (event) => this.emit(event),
      log: (values) => this.log(values),
    };
  }
}
