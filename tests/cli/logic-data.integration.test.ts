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

describe('palabra logic data', () => {
  const data = (out: string, ...flags: string[]) =>
    palabra(['logic', 'data', '--out', path(out), '--count', '60', '--seed', '3', ...flags]);
  const readInputs = async (out: string): Promise<string[]> =>
    (await readRecords(path(`${out}/records.jsonl`))).map(({ input }) => input);

  test('draws no sentence of the files that are to be avoided, in no spelling', async () => {
    expect((await data('all')).status).toBe(0);
    const avoided = (await readRecords(path('all/records.jsonl'))).slice(0, 20);
    const shouted = avoided.map((record) => ({ ...record, input: record.input.toUpperCase() }));
    await writeRecords(path('avoided.jsonl'), shouted);
    expect((await data('others', '--avoid', path('avoided.jsonl'))).status).toBe(0);
    const others = new Set(await readInputs('others'));
    expect(others.size).toBe(60);
    expect(avoided.filter(({ input }) => others.has(input))).toEqual([]);
    expect(await data('never', '--avoid', path('none.jsonl'))).toMatchObject({ status: 1 });
  });

  test('has the levels in the shares that are asked for', async () => {
    const { status } = await data('levels', '--levels', 'simple=0.5,intermediate=0.25,advanced=0.25');
    expect(status).toBe(0);
    const records = await readRecords(path('levels/records.jsonl'));
    const simple = records.filter(({ complexity }) => complexity === 'simple').length;
    expect(simple / records.length).toBeGreaterThan(0.4);
    expect(await data('x', '--levels', 'simple=1')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('levelShares'),
    });
  });
});

describe('palabra logic balance', () => {
  test('aims at a share for each level', async () => {
    await writeRecords(
      path('even.jsonl'),
      Array.from({ length: 200 }, (_, index) => generateRecord(index, { seed: 8 })),
    );
    const flags = ['--levels', 'simple=0,intermediate=1,advanced=1', '--connective-floor', '0'];
    const out = path('without-simple.jsonl');
    expect((await palabra(['logic', 'balance', path('even.jsonl'), '--out', out, ...flags])).status).toBe(0);
    const levels = new Set((await readRecords(out)).map(({ complexity }) => complexity));
    expect([...levels].sort()).toEqual(['advanced', 'intermediate']);
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

describe('palabra logic augment', () => {
  test('writes all records and counts what was made', async () => {
    const records = Array.from({ length: 60 }, (_, index) => generateRecord(index, { seed: 5, noise: 0 }));
    await writeRecords(path('few.jsonl'), records);
    const { status, stdout } = await palabra(['logic', 'augment', path('few.jsonl'), '--out', path('more.jsonl')]);
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('of 60') });
    const all = await readRecords(path('more.jsonl'));
    expect(all.length).toBeGreaterThan(60);
    const counts = { stage: 'augment', input: 60, output: all.length, byTransform: expect.any(Object) };
    expect(await readJson('more.jsonl.stats.json')).toMatchObject(counts);
  });
});
