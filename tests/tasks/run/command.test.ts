import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { palabra } from '../../helpers/cli.js';
import type { TrainAdaptersReport } from '../../../lib/tasks/index.js';
import { Workshop, listFacts } from './fixture.js';

let shop: Workshop;
beforeAll(async () => {
  shop = await Workshop.open();
});
afterAll(() => rm(shop.folder, { recursive: true }));

test('palabra lora train: a version is judged, its reasons and the exit code are told', async () => {
  await shop.write('a.jsonl', listFacts('city', 8));
  const settings = ['--epochs', '1', '--adapter.r', '4', '--adapter.targetModules', 'query', '--gate.prompts', '0'];
  const words = ['lora', 'train', shop.base, '--data', shop.data, '--store', shop.store, ...settings];
  const rejected = await palabra([...words, '--json', '--learning-rate', '1e-9']);
  const report = JSON.parse(rejected.stdout) as TrainAdaptersReport;
  expect([rejected.status, report.status]).toEqual([4, 'rejected']);
  const config = join(shop.store, 'versions', report.version!, 'adapter_config.json');
  expect(JSON.parse(readFileSync(config, 'utf8'))).toMatchObject({ r: 4, lora_alpha: 8, lora_dropout: 0.025 });
  expect(rejected.stderr).toMatch(/1 file, 0 copied, 0 pairs of near copies\nmeasuring the base …\ntraining …/);
  const anyway = await palabra([...words, '--promote-anyway']);
  expect(anyway.status).toBe(0);
  expect(anyway.stdout).toMatch(/status +success/);
  const again = await palabra(words);
  expect([again.status, again.stdout]).toEqual([0, expect.stringMatching(/steps +0\n.*skipped/s)]);
});

test('palabra lora train --explain: defaults, over them the configuration file, over it the options', async () => {
  const file = join(shop.folder, 'settings.yml');
  await writeFile(file, 'adapter: {r: 8, loraAlpha: 4}\nrun: {epochs: 2, batchSize: 4, validation: 0.1}\n');
  const words = ['lora', 'train', shop.base, '--data', shop.data, '--config', file, '--explain'];
  const options = ['--adapter.r', '4', '--batch-size', '2', '--regression-file', 'general.txt'];
  const { stdout, stderr } = await palabra([...words, ...options, '--json']);
  expect(stderr).toBe('');
  const found = JSON.parse(stdout) as { field: string; value: unknown; source: string }[];
  const tell = (path: string): unknown[] =>
    found.flatMap(({ field, value, source }) => (field === path ? [value, source] : []));
  expect(tell('adapter.r')).toEqual([4, 'flag']);
  expect(tell('adapter.loraAlpha')).toEqual([4, 'config file']);
  expect(tell('adapter.loraDropout')).toEqual([0.025, 'default']);
  expect(tell('run.epochs')).toEqual([2, 'config file']);
  expect(tell('run.batchSize')).toEqual([2, 'flag']);
  expect(tell('gate.regressionFile')).toEqual(['general.txt', 'flag']);
  expect((await palabra([...words, ...options])).stdout).toMatch(/run\.validation +0\.1 +config file: .*settings\.yml/);
});

test.each([
  [['--adapter.r', '0'], 1, /adapter\.r: .*received 0/],
  [['--adapter.rank', '4'], 2, /unknown option '--adapter\.rank'/],
  [['--epochs', 'many'], 1, /run\.epochs/],
  [['--gate.prompts', 'all'], 2, /'--gate\.prompts <integer>' has a wrong argument/],
])('palabra lora train %j is refused before anything is read', async (options, code, message) => {
  const words = ['lora', 'train', 'no-such-model', '--data', 'no-such-data', '--store', join(shop.folder, 'none')];
  const { status, stderr, stdout } = await palabra([...words, ...options]);
  expect([status, stdout]).toEqual([code, '']);
  expect(stderr).toMatch(message);
});
