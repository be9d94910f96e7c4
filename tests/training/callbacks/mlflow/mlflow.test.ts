import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { MLflow, Trainer } from '../../../../lib/training/index.js';
import type { MLflowOptions } from '../../../../lib/training/index.js';
import { freedAfterEach } from '../../../helpers/freed.js';
import { RecordedServer } from '../../../helpers/mlflow-server.js';
import { hold, newModel, trained, windowData } from '../../fixtures.js';

freedAfterEach();

let folder = '';
let server: RecordedServer;
let trackingUri = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'palabra-mlflow-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function openServer(): Promise<void> {
  server = new RecordedServer();
  trackingUri = await server.open();
}
afterEach(async () => {
  await server.close();
});

/** A run of five steps with the callback, and what was told of failures. */
async function record(options: MLflowOptions = {}, runDirectory?: string): Promise<string[]> {
  const failures: string[] = [];
  const mlflow = new MLflow({ trackingUri, onFailure: ({ message }) => failures.push(message), ...options });
  await trained({
    steps: 5,
    evaluateEvery: 2,
    callbacks: [mlflow],
    ...(runDirectory !== undefined && { runDirectory }),
  });
  return failures;
}

describe('MLflow', () => {
  test('records parameters, every step and evaluation, and the end', async () => {
    await openServer();
    expect(await record({ experiment: 'songs', runName: 'first' })).toEqual([]);
    expect(server.exchanges.slice(0, 3)).toMatchObject([
      { method: 'GET', path: 'experiments/get-by-name', status: 404 },
      { method: 'POST', path: 'experiments/create', body: { name: 'songs' } },
      { method: 'POST', path: 'runs/create', body: { experiment_id: expect.any(String), run_name: 'first' } },
    ]);
    const batches = server.bodies('runs/log-batch');
    const params = batches.flatMap((body) => body.params ?? []);
    expect(params).toContainEqual({ key: 'optimizer.type', value: 'muon' });
    expect(params).toContainEqual({ key: 'batchSize', value: '4' });
    const metrics = batches.flatMap((body) => body.metrics ?? []);
    const steps = (key: string) => metrics.filter((metric) => metric.key === key).map(({ step }) => step);
    expect([steps('train/loss'), steps('validation/loss')]).toEqual([
      [1, 2, 3, 4, 5],
      [2, 4, 5],
    ]);
    expect(metrics.every(({ timestamp, value }) => Number.isInteger(timestamp) && Number.isFinite(value))).toBe(true);
    expect(batches.every(({ run_id: id }) => typeof id === 'string' && id !== '')).toBe(true);
    expect(server.bodies('runs/update')).toMatchObject([{ status: 'FINISHED', end_time: expect.any(Number) }]);
  });

  test('a resumed run goes on in the same run of the server', async () => {
    await openServer();
    const runDirectory = join(folder, 'resumed');
    await record({}, runDirectory);
    const callbacks = [new MLflow({ trackingUri })];
    await hold(await Trainer.resume(runDirectory, { data: windowData(), steps: 7, callbacks })).run();
    expect(server.bodies('runs/create')).toHaveLength(1);
    expect(server.bodies('runs/update').map(({ status }) => status)).toEqual(['FINISHED', 'RUNNING', 'FINISHED']);
    const metrics = server.bodies('runs/log-batch').flatMap((body) => body.metrics ?? []);
    const losses = metrics.filter(({ key }) => key === 'train/loss');
    expect(losses.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(server.bodies('runs/log-batch').filter((body) => (body.params ?? []).length > 0)).toHaveLength(1);
  });

  test('a server that is not there stops nothing, and is told once', async () => {
    await openServer();
    await server.close();
    const failures = await record();
    expect(failures).toEqual([expect.stringMatching(/^\[PAL_DATA\] MLflow: expected an answer of http.*ECONNREFUSED/)]);
    await openServer();
  });

  test('what a server could not take at first is sent later, each figure once', async () => {
    await openServer();
    server.fail = (path, count) => (path === 'runs/log-batch' && count === 0 ? 503 : undefined);
    expect(await record()).toEqual([expect.stringMatching(/status 503/)]);
    const metrics = server.bodies('runs/log-batch').flatMap((body) => body.metrics ?? []);
    expect(metrics.filter(({ key }) => key === 'train/loss').map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
  });

  test('what a server refuses is left out, and the rest is sent', async () => {
    await openServer();
    server.fail = (path, count) => (path === 'runs/log-batch' && count === 0 ? 400 : undefined);
    expect(await record()).toEqual([expect.stringMatching(/status 400/)]);
    const batches = server.bodies('runs/log-batch');
    expect(batches.flatMap((body) => body.params ?? [])).toEqual([]);
    expect(batches.flatMap((body) => body.metrics ?? []).length).toBeGreaterThan(0);
    expect(server.bodies('runs/update')).toMatchObject([{ status: 'FINISHED' }]);
  });

  test('a run that fails is FAILED, one that is stopped KILLED; numbers that are none are sent as texts', async () => {
    await openServer();
    const mlflow = () => new MLflow({ trackingUri });
    const bad = { name: 'bad', onStep: () => Promise.reject(new Error('no')) };
    await expect(trained({ steps: 3, callbacks: [mlflow(), bad] })).rejects.toThrow('no');
    const trainer = hold(new Trainer({ model: newModel(), data: windowData(), steps: 9, callbacks: [mlflow()] }));
    for await (const { index } of trainer.steps()) {
      trainer.log({ 'odd:name': NaN });
      if (index === 2) trainer.stop();
    }
    expect(server.bodies('runs/update').map(({ status }) => status)).toEqual(['FAILED', 'KILLED']);
    const metrics = server.bodies('runs/log-batch').flatMap((body) => body.metrics ?? []);
    expect(metrics).toContainEqual(expect.objectContaining({ key: 'log/odd_name', value: 'NaN' }));
  });

  test('an address is needed', async () => {
    await openServer();
    expect(() => new MLflow({ trackingUri: 'mlruns' })).toThrow(/\[PAL_ARGUMENT\] MLflow: expected trackingUri/);
  });
});
