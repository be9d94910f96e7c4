import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { palabra } from '../helpers/cli.js';
import { freedAfterEach } from '../helpers/freed.js';
import { RecordedServer } from '../helpers/mlflow-server.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

freedAfterEach();

const folder = temporaryFolder();
const at = (...names: string[]): string => join(folder.path, ...names);
const small = ['--model.width', '8', '--model.layers', '1', '--model.heads', '2', '--model.contextLength', '16'];
const settings = ['--tokenizer', 'char', ...small, '--trainer.steps', '3', '--no-tensorboard'];
let server: RecordedServer;
let url = '';

beforeAll(() => writeFileSync(at('story.txt'), 'The sun climbs over the hill. The bird sings.\n'.repeat(60)));
afterAll(() => folder[Symbol.dispose]());
beforeEach(async () => {
  server = new RecordedServer();
  url = await server.open();
});
afterEach(() => server.close());

test('--mlflow records a run with a server, by experiment and name, and resume goes on in it', async () => {
  const run = at('run');
  const named = ['--mlflow', url, '--mlflow-experiment', 'stories', '--mlflow-run', 'first'];
  const trained = await palabra(['train', at('story.txt'), '--run', run, ...settings, ...named]);
  expect([trained.status, trained.stderr]).toEqual([0, expect.any(String)]);
  expect(server.bodies('experiments/create')).toEqual([{ name: 'stories' }]);
  expect(server.bodies('runs/create')).toMatchObject([{ run_name: 'first' }]);
  const stepsOf = (): number[] =>
    server
      .bodies('runs/log-batch')
      .flatMap(({ metrics = [] }) => metrics)
      .flatMap(({ key, step }) => (key === 'train/loss' ? [step] : []));
  expect(stepsOf()).toEqual([1, 2, 3]);
  expect(server.bodies('runs/update').at(-1)).toMatchObject({ status: 'FINISHED' });
  const { runId } = JSON.parse(readFileSync(join(run, 'mlflow.json'), 'utf8')) as { runId: string };
  const resumed = await palabra(['resume', run, '--trainer.steps', '5']);
  expect([resumed.status, resumed.stderr]).toEqual([0, expect.any(String)]);
  expect(stepsOf()).toEqual([1, 2, 3, 4, 5]);
  expect(server.bodies('runs/create')).toHaveLength(1);
  expect(new Set(server.bodies('runs/log-batch').map(({ run_id }) => run_id))).toEqual(new Set([runId]));
});

test('the token of the environment is sent, and an address that is none is an error before any work', async () => {
  const env = { MLFLOW_TRACKING_TOKEN: 'secret' };
  await palabra(['train', at('story.txt'), '--run', at('token'), ...settings, '--mlflow', url], env);
  expect(new Set(server.exchanges.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer secret']));
  const wrong = await palabra(['train', at('story.txt'), '--run', at('wrong'), ...settings, '--mlflow', 'localhost']);
  expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('begin with http:// or https://')]);
});
