import { raise } from '../../../core/index.js';

/** A request waits at most this long for its answer. */
const TIMEOUT_MS = 10_000;

/** A run of a server, as its interface names it. */
export interface MlflowRun {
  runId: string;
  experimentId: string;
}

/** One value of a figure. */
export interface MlflowMetric {
  key: string;
  value: number;
  step: number;
  /** Milliseconds since 1970. */
  timestamp: number;
}

/** The state of a run that goes on or has ended. */
export type MlflowStatus = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';

/**
 * The part of MLflow's REST interface, version 2.0, that records a run.
 * @see https://mlflow.org/docs/latest/rest-api.html
 */
export class MlflowClient {
  private readonly base: string;

  /**
   * @param uri - of the server, as `http://127.0.0.1:5000`
   * @param headers - sent with each request, as `{ authorization: 'Bearer …' }`
   */
  constructor(
    uri: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {
    this.base = `${uri.replace(/\/+$/u, '')}/api/2.0/mlflow`;
  }

  /** Begins a run in an experiment, which is made where it is missing. */
  async createRun(experiment: string, runName: string, startTime: number): Promise<MlflowRun> {
    const experimentId = (await this.findExperiment(experiment)) ?? (await this.createExperiment(experiment));
    const tags = [{ key: 'mlflow.source.name', value: 'palabra' }];
    const body = { experiment_id: experimentId, run_name: runName, start_time: startTime, tags };
    const { run } = (await this.post('runs/create', body)) as { run: { info: { run_id: string } } };
    return { runId: run.info.run_id, experimentId };
  }

  /** Sends at most 1,000 values and 100 parameters. */
  async logBatch(
    runId: string,
    {
      metrics = [],
      params = [],
    }: { metrics?: readonly MlflowMetric[]; params?: readonly (readonly [string, string])[] },
  ): Promise<void> {
    await this.post('runs/log-batch', {
      run_id: runId,
      metrics: metrics.map((metric) => ({ ...metric, value: encodeNumber(metric.value) })),
      params: params.map(([key, value]) => ({ key, value })),
    });
  }

  /** Tells how a run stands. */
  async updateRun(runId: string, status: MlflowStatus, endTime?: number): Promise<void> {
    await this.post('runs/update', { run_id: runId, status, ...(endTime !== undefined && { end_time: endTime }) });
  }

  private async findExperiment(name: string): Promise<string | undefined> {
    const path = `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`;
    const response = await this.send(path, {});
    if (response.status === 404) return undefined;
    const { experiment } = (await this.read(path, response)) as { experiment: { experiment_id: string } };
    return experiment.experiment_id;
  }

  private async createExperiment(name: string): Promise<string> {
    const { experiment_id: id } = (await this.post('experiments/create', { name })) as { experiment_id: string };
    return id;
  }

  private async post(path: string, body: unknown): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    return await this.read(path, await this.send(path, { method: 'POST', headers, body: JSON.stringify(body) }));
  }

  private async send(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Response> {
    const { headers, signal } = {
      headers: { ...init.headers, ...this.headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    };
    try {
      return await fetch(`${this.base}/${path}`, { ...init, headers, signal });
    } catch (error) {
      return this.refuse(path, describeFailure(error), error);
    }
  }

  private async read(path: string, response: Response): Promise<unknown> {
    const text = await response.text().catch((error: unknown) => this.refuse(path, describeFailure(error), error));
    if (!response.ok) this.refuse(path, `status ${response.status}: ${text.slice(0, 200)}`, undefined, response.status);
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      return this.refuse(path, 'something that is no JSON', cause);
    }
  }

  private refuse(path: string, received: string, cause: unknown, status?: number): never {
    const url = `${this.base}/${path}`;
    raise('PAL_DATA', { where: 'MLflow', expected: `an answer of ${url}`, received, details: { url, status }, cause });
  }
}

function describeFailure(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  return name === 'TimeoutError' ? 'none in time' : (cause?.code ?? cause?.message ?? message);
}

/** Numbers that JSON doesn't know as protocol buffers write them. */
function encodeNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
