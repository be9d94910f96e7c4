import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { palabra } from '../../helpers/cli.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palabra-logic-command-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('palabra logic train', () => {
  const small = [
    '--recipe',
    'xs',
    '--records',
    '40',
    '--held',
    '1',
    '--vocab-size',
    '300',
    '--steps',
    '1',
    '--batch-size',
    '1',
  ];

  test('trains by a recipe and tells what was measured', async () => {
    const out = join(folder, 'run');
    const { status, stdout, stderr } = await palabra(['logic', 'train', '--out', out, ...small]);
    expect([status, stderr.includes('drawing 40 sentences')]).toEqual([0, true]);
    expect(stdout).toMatch(/model .*run\/model, [\d,]+ parameters, 300 tokens/);
    expect(stdout).toMatch(/words +0\.0 % equivalent \(0\.0 % to 0\.0 %\) of 1, valid/);
  });

  test('refuses what does not fit', async () => {
    const run = (...words: string[]) => palabra(['logic', 'train', '--out', join(folder, 'no'), ...words]);
    expect(await run('--recipe', 'xl')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('xs, small, full'),
    });
    expect(await run(...small, '--curriculum', '1:0')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('rising'),
    });
    expect(await run(...small, '--data', join(folder, 'none.jsonl'))).toMatchObject({ status: 1 });
  });
});
