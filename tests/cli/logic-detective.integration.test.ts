import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fallacyLabels, readFallacies } from '../../lib/logic/index.js';
import { palabra } from '../helpers/cli.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logic-detective-'));
});
afterAll(async () => rm(folder, { recursive: true }));

test('palabra logic detective data writes texts of all labels with their counts', async () => {
  const out = join(folder, 'fallacies');
  const flags = ['--out', out, '--count', '120', '--held', '24', '--seed', '5', '--fold', '3'];
  const { status, stdout } = await palabra(['logic', 'detective', 'data', ...flags]);
  expect({ status, stdout }).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/train +120 texts of 12 labels/),
  });
  for (const [name, count] of Object.entries({ train: 120, templates: 24, words: 24, both: 24 })) {
    const records = await readFallacies(join(out, `${name}.jsonl`));
    expect(records).toHaveLength(count);
    const statistics: unknown = JSON.parse(await readFile(join(out, `${name}.jsonl.stats.json`), 'utf8'));
    const byLabel = Object.fromEntries(fallacyLabels.map((label) => [label, count / 12]));
    expect(statistics).toMatchObject({ records: count, byLabel });
  }
  expect(await palabra(['logic', 'detective', 'data', '--out', out, '--fold', '12'])).toMatchObject({ status: 1 });
});
