import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { checkOptions, isPalabraError, raise, throwFileError, writeFileAtomic } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import type { TrainerEvaluation, TrainerEvent, TrainerStep } from '../../report.js';
import type { Callback, TrainerEnd, TrainerRun } from '../callback.js';
import { listEvaluationFigures, listEventFigures, listStepFigures } from '../figures.js';
import type { Figures } from '../figures.js';
import { MlflowClient } from './mlflow-client.js';
import type { MlflowMetric, MlflowStatus } from './mlflow-client.js';
import { listParameters } from './parameters.js';

/** Figures wait at most this long in memory while the server answers. */
const WAIT_MS = 1000;
/** The pause after a request that failed. */
const PAUSE_MS = 15_000;
/** The most that the interface takes at once. */
const MOST_METRICS = 1000;
const MOST_PARAMETERS = 100;
/** The most that waits for a server that does not answer; the oldest go first. */
const MOST_WAITING = 100_000;

/** The file of a run folder that tells which run of a server it is. */
export const MLFLOW_FILE = 'mlflow.json';

/** Settings of {@link MLflow}. */
export interface MLflowOptions {
  /** Address of the server (default: the environment variable `MLFLOW_TRACKING_URI`). */
  trackingUri?: string | undefined;
  /** The experiment, made where it is missing (default: `MLFLOW_EXPERIMENT_NAME`, or `palabra`). */
  experiment?: string | undefined;
  /** The name of the run (default: that of its folder). */
  runName?: string | undefined;
  /** Sent with each request, as `{ authorization: 'Bearer …' }` (default: none). */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Hears of the first failure (default: a warning of the process). */
  onFailure?: ((error: Error) => void) | undefined;
}

/** The keys of {@link MLflowOptions}. */
export const mlflowKeys: OptionChecks<MLflowOptions> = {
  trackingUri: true,
  experiment: true,
  runName: true,
  headers: true,
  onFailure: true,
};

/**
 * Records a run with a server of MLflow: the configuration as parameters, losses, norms, rates and logged figures as
 * metrics, and how it ended. A resumed run goes on in the same run of the server.
 *
 * @remarks It sends in the background. A server that does not answer never stops a training: the first failure is told
 * once, figures wait, and are sent when it answers again or at the end.
 * @example new Trainer({ …, callbacks: [new MLflow({ trackingUri: 'http://127.0.0.1:5000' })] })
 * @see https://mlflow.org/docs/latest/rest-api.html
 */
export class MLflow implements Callback {
  readonly name = 'mlflow';
  private readonly client: MlflowClient;
  private readonly trackingUri: string;
  private run: TrainerRun | undefined;
  private startTime = 0;
  private runId: string | undefined;
  private parameters: [string, string][] = [];
  private metrics: MlflowMetric[] = [];
  private reopening = false;
  private reported = false;
  private nextAt = 0;
  private sending: Promise<void> | undefined;

  /** @throws ArgumentError without an address that begins with http:// or https:// */
  constructor(private readonly options: MLflowOptions = {}) {
    const { trackingUri, headers = {} } = checkOptions('MLflow', options, mlflowKeys);
    this.trackingUri = expectAddress(trackingUri ?? process.env.MLFLOW_TRACKING_URI);
    this.client = new MlflowClient(this.trackingUri, headers);
  }

  async onStart(run: TrainerRun): Promise<void> {
    this.run = run;
    this.startTime = Date.now();
    if (run.step > 0) await this.attempt(() => this.readRunId(run));
    // A run that goes on has its parameters already, and a server refuses others.
    if (this.runId === undefined) this.parameters = listParameters(run.config);
    else this.reopening = true;
    this.flush(0);
  }

  onStep(step: TrainerStep): void {
    this.add(step.index, listStepFigures(step));
  }

  onEvaluation(evaluation: TrainerEvaluation): void {
    this.add(evaluation.step, listEvaluationFigures(evaluation));
  }

  onEvent(event: TrainerEvent): void {
    if ('step' in event) this.add(event.step, listEventFigures(event));
  }

  async onEnd({ reason }: TrainerEnd): Promise<void> {
    if (this.run === undefined) return;
    await this.sending;
    await this.attempt(async () => {
      await this.send();
      await this.client.updateRun(this.runId!, findStatus(reason), Date.now());
    });
  }

  private add(step: number, figures: Figures): void {
    const timestamp = Date.now();
    const named = Object.entries(figures);
    this.metrics.push(...named.map(([name, value]) => ({ key: replaceSigns(name), value, step, timestamp })));
    if (this.metrics.length > MOST_WAITING) this.metrics = this.metrics.slice(-MOST_WAITING);
    this.flush(WAIT_MS);
  }

  /** Sends in the background, unless that is under way or was tried a moment ago. */
  private flush(pauseMs: number): void {
    if (this.run === undefined || this.sending !== undefined || performance.now() < this.nextAt) return;
    this.nextAt = performance.now() + pauseMs;
    this.sending = this.attempt(() => this.send()).finally(() => (this.sending = undefined));
  }

  /** Does some work with the server; a failure is told once, and the training goes on. */
  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.nextAt = performance.now() + PAUSE_MS;
      if (!this.reported) this.report(error as Error);
      this.reported = true;
    }
  }

  private report(error: Error): void {
    if (this.options.onFailure !== undefined) return this.options.onFailure(error);
    const text = `${error.message} The training goes on; figures wait for the server, and are in the folder of the run.`;
    process.emitWarning(text, { type: 'PalabraTrackingWarning', code: 'PAL_TRACKING' });
  }

  /** Sends all that waits. What was sent is taken off only then; what a server refuses is dropped. */
  private async send(): Promise<void> {
    const runId = this.runId ?? (await this.begin());
    if (this.reopening) await this.client.updateRun(runId, 'RUNNING');
    this.reopening = false;
    while (this.parameters.length > 0) {
      const params = this.parameters.slice(0, MOST_PARAMETERS);
      await this.sendOrDrop(
        () => this.client.logBatch(runId, { params }),
        () => this.parameters.splice(0, params.length),
      );
    }
    while (this.metrics.length > 0) {
      const metrics = this.metrics.slice(0, MOST_METRICS);
      const drop = (): void => void (this.metrics = this.metrics.filter((metric) => !metrics.includes(metric)));
      await this.sendOrDrop(() => this.client.logBatch(runId, { metrics }), drop);
    }
  }

  private async sendOrDrop(send: () => Promise<void>, drop: () => void): Promise<void> {
    try {
      await send();
    } catch (error) {
      if (isRefusal(error)) drop();
      throw error;
    }
    drop();
  }

  private async begin(): Promise<string> {
    const { experiment = process.env.MLFLOW_EXPERIMENT_NAME ?? 'palabra', runName } = this.options;
    const { directory } = this.run!;
    const name = runName ?? (directory === undefined ? 'palabra' : basename(directory));
    const created = await this.client.createRun(experiment, name, this.startTime);
    this.runId = created.runId;
    const { trackingUri } = this;
    if (directory !== undefined)
      await writeFileAtomic(join(directory, MLFLOW_FILE), `${JSON.stringify({ trackingUri, ...created }, null, 2)}\n`);
    return this.runId;
  }

  /** Finds the run of the same server that a folder tells of. */
  private async readRunId({ directory }: TrainerRun): Promise<void> {
    const path = directory === undefined ? undefined : join(directory, MLFLOW_FILE);
    if (path === undefined || !existsSync(path)) return;
    const text = await readFile(path, 'utf8').catch((cause: unknown) => throwFileError('MLflow', path, cause));
    const { trackingUri, runId } = JSON.parse(text) as { trackingUri?: string; runId?: string };
    if (trackingUri === this.trackingUri) this.runId = runId;
  }
}

function findStatus(reason: string): MlflowStatus {
  if (reason === 'error') return 'FAILED';
  return reason === 'limit' || reason === 'early stopping' ? 'FINISHED' : 'KILLED';
}

/** Tells whether a server has understood a request and does not want it. */
function isRefusal(error: unknown): boolean {
  const status = isPalabraError(error) ? error.details.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** A name of the signs that MLflow takes. */
function replaceSigns(name: string): string {
  return name.replace(/[^\w\-. /]/gu, '_');
}

function expectAddress(uri: string | undefined): string {
  if (uri !== undefined && /^https?:\/\/./u.test(uri)) return uri;
  raise('PAL_ARGUMENT', {
    where: 'MLflow',
    expected: 'trackingUri to begin with http:// or https://',
    received: uri ?? 'none',
    fix: "As new MLflow({ trackingUri: 'http://127.0.0.1:5000' }), or set MLFLOW_TRACKING_URI.",
  });
}
