import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MLflow, Trainer } from '../../../../lib/training/index.js';
import { freedAfterEach } from '../../../helpers/freed.js';
import { hold, trained, windowData } from '../../fixtures.js';

freedAfterEach();

const ANSWERS = 'tests/training/callbacks/mlflow/answers.json';
/** The nightly run sets it; it fetches MLflow from pip. `record` writes the answers for `mlflow.test.ts` as well. */
const asked = process.env.PALABRA_MLFLOW;
const describeAsked = asked === undefined ? describe.skip : describe;

interface Answer {
  status: number;
  body: unknown;
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** An object with the types of its values in their place. */
function listTypes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, listTypes(inner)]));
}

describeAsked('MLflow, against a server of its own (PALABRA_MLFLOW)', () => {
  let folder = '';
  let child: ChildProcess | undefined;
  let trackingUri = '';
  const answers: Record<string, Answer> = {};
  const fetchBefore = globalThis.fetch;

  const ask = async (path: string, init: RequestInit = {}): Promise<Record<string, never>> =>
    (await (await fetchBefore(`${trackingUri}/api/2.0/mlflow/${path}`, init)).json()) as Record<string, never>;

  /** Keeps the first answer to each kind of request. */
  const watchFetch: typeof fetch = async (input, init) => {
    const response = await fetchBefore(input, init);
    const url = typeof input === 'string' ? input : '';
    const path = url.replace(/^.*\/mlflow\/([^?]*).*$/u, '$1');
    const name = response.status === 404 ? `${path} (missing)` : path;
    answers[name] ??= { status: response.status, body: await response.clone().json() };
    return response;
  };

  beforeAll(async () => {
    const { stdout, status } = spawnSync(process.execPath, ['scripts/build/mlflow.mjs'], { encoding: 'utf8' });
    expect(status).toBe(0);
    folder = mkdtempSync(join(tmpdir(), 'palabra-mlflow-server-'));
    const port = await findFreePort();
    trackingUri = `http://127.0.0.1:${port}`;
    const store = ['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`, '--workers', '1'];
    child = spawn(stdout.trim(), ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', `${port}`, ...store], {
      cwd: folder,
      stdio: 'ignore',
      detached: true,
    });
    const isUp = async () => (await fetchBefore(`${trackingUri}/health`).catch(() => undefined))?.ok === true;
    while (child.exitCode === null && !(await isUp())) await new Promise((resolve) => setTimeout(resolve, 200));
    expect(child.exitCode).toBeNull();
    globalThis.fetch = watchFetch;
  });

  afterAll(() => {
    globalThis.fetch = fetchBefore;
    if (child?.pid !== undefined && child.exitCode === null) process.kill(-child.pid);
    rmSync(folder, { recursive: true, force: true });
  });

  test('the server holds what the run was, a resume in the same run, and answers as recorded', async () => {
    const failures: string[] = [];
    const create = () =>
      new MLflow({ trackingUri, experiment: 'songs', onFailure: ({ message }) => void failures.push(message) });
    const runDirectory = join(folder, 'first');
    await trained({ steps: 5, evaluateEvery: 2, runDirectory, callbacks: [create()] });
    await hold(await Trainer.resume(runDirectory, { data: windowData(), steps: 7, callbacks: [create()] })).run();
    await trained({ steps: 2, callbacks: [create()] });
    expect(failures).toEqual([]);
    const { runId } = JSON.parse(readFileSync(join(runDirectory, 'mlflow.json'), 'utf8')) as { runId: string };
    const { run } = (await ask(`runs/get?run_id=${runId}`)) as unknown as {
      run: { info: { status: string; run_name: string }; data: { params: { key: string; value: string }[] } };
    };
    expect(run.info).toMatchObject({ status: 'FINISHED', run_name: 'first' });
    expect(run.data.params).toContainEqual({ key: 'optimizer.type', value: 'muon' });
    const { metrics } = (await ask(
      `metrics/get-history?run_id=${runId}&metric_key=train/loss&max_results=100`,
    )) as unknown as {
      metrics: { step: number; value: number }[];
    };
    expect(metrics.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    if (asked === 'record') writeFileSync(ANSWERS, `${JSON.stringify(answers, null, 2)}\n`);
    expect(listTypes(JSON.parse(readFileSync(ANSWERS, 'utf8')))).toMatchObject(listTypes(answers) as object);
  });
});
