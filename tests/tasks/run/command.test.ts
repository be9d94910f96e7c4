import { rm } from 'node:fs/promises';
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
  const words = ['lora', 'train', shop.base, '--data', shop.data, '--store', shop.store, '--epochs', '1'];
  const rejected = await palabra([...words, '--json', '--learning-rate', '1e-9']);
  const report = JSON.parse(rejected.stdout) as TrainAdaptersReport;
  expect([rejected.status, report.status]).toEqual([4, 'rejected']);
  expect(rejected.stderr).toMatch(/1 file, 0 copied, 0 pairs of near copies\nmeasuring the base …\ntraining …/);
  const anyway = await palabra([...words, '--promote-anyway']);
  expect(anyway.status).toBe(0);
  expect(anyway.stdout).toMatch(/status +success/);
  const again = await palabra(words);
  expect([again.status, again.stdout]).toEqual([0, expect.stringMatching(/steps +0\n.*skipped/s)]);
});
