import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { palabra } from '../../../helpers/cli.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palabra-detective-command-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('palabra logic detective train and detect', async () => {
  const out = join(folder, 'run');
  const sizes = ['--records', '24', '--held', '12', '--vocab-size', '320', '--steps', '1', '--batch-size', '1'];
  const trained = await palabra(['logic', 'detective', 'train', '--out', out, ...sizes, '--layers', '1']);
  expect(trained).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/templates +macro-F1 0\.\d+, by words alone 0\./),
  });
  const { status, stdout } = await palabra(['logic', 'detective', 'detect', 'O vienes o te odio.', '--model', out]);
  expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringMatching(/label +\w+ \(\d+\.\d %\)/) });
  const json = await palabra(['logic', 'detective', 'detect', 'Llueve.', '--model', out, '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject([{ text: 'Llueve.', probabilities: { none: expect.any(Number) } }]);
  const wrong = await palabra(['logic', 'detective', 'train', '--out', out, '--fold', '11']);
  expect(wrong).toMatchObject({ status: 1, stderr: expect.stringContaining('fold') });
});
