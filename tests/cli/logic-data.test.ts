import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { generateRecord, readRecords, writeRecords } from '../../lib/logic/index.js';
import { palabra } from '../helpers/cli.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logic-data-'));
});
afterAll(async () => rm(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);
const readJson = async (name: string): Promise<unknown> => JSON.parse(await readFile(path(name), 'utf8'));

describe('palabra logic clean', () => {
  test('writes what is left, what was removed, and counts that add up', async () => {
    const records = Array.from({ length: 60 }, (_, index) => generateRecord(index, { seed: 2 }));
    await writeRecords(path('in.jsonl'), [...records, { ...records[0]!, formula: 'p →' }]);
    const flags = ['--out', path('clean.jsonl'), '--rejects', path('no.jsonl'), '--max-trivial-ratio', '0.2'];
    const { status, stdout } = await palabra(['logic', 'clean', path('in.jsonl'), ...flags]);
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringMatching(/syntax +−1\n/) });
    const kept = await readRecords(path('clean.jsonl'));
    const statistics = (await readJson('clean.jsonl.stats.json')) as { removedByReason: Record<string, number> };
    expect(statistics).toMatchObject({ stage: 'clean', input: 61, output: kept.length, seed: 42 });
    expect(Object.keys(statistics)).toEqual(
      expect.arrayContaining([
        'version',
        'byComplexity',
        'byDomain',
        'byConnective',
        'byAtoms',
        'startedAt',
        'durationMs',
      ]),
    );
    const removed = Object.values(statistics.removedByReason).reduce((sum, count) => sum + count, 0);
    expect(kept.length + removed).toBe(61);
    expect((await readFile(path('no.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(removed);
  });

  test('a broken line is told with its number, and nothing is written', async () => {
    await writeRecords(path('broken.jsonl'), [generateRecord(0, { seed: 2 }), {} as never]);
    const { status, stderr } = await palabra(['logic', 'clean', path('broken.jsonl'), '--out', path('never.jsonl')]);
    expect(status).toBe(1);
    expect(stderr).toContain('broken.jsonl:2: ');
    await expect(readFile(path('never.jsonl'))).rejects.toThrow('ENOENT');
    await expect(readFile(path('never.jsonl.stats.json'))).rejects.toThrow('ENOENT');
  });
});

describe('palabra logic split', () => {
  test('makes a folder with the parts and counts what they share', async () => {
    const records = Array.from({ length: 80 }, (_, index) => generateRecord(index, { seed: 4 }));
    await writeRecords(path('whole.jsonl'), records);
    const command = ['logic', 'split', path('whole.jsonl'), '--out', path('parts'), '--protocol', 'P2'];
    const { status, stdout } = await palabra(command);
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('train and test') });
    const names = ['train', 'validation', 'test', 'test-seen'];
    const parts = await Promise.all(names.map((name) => readRecords(path(`parts/${name}.jsonl`))));
    expect(parts.flat()).toHaveLength(80);
    expect(await readJson('parts.stats.json')).toMatchObject({ stage: 'split', protocol: 'P2', input: 80, output: 80 });
    expect(await palabra(command)).toMatchObject({ status: 1, stderr: expect.stringContaining('PAL_FILE') });
    expect((await palabra([...command, '--replace'])).status).toBe(0);
  });
});
