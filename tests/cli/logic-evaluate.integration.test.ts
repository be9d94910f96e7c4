import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { ComparedScore, LogicReport } from '../../lib/logic/index.js';
import { generateRecord, writeLines, writeRecords } from '../../lib/logic/index.js';
import { palabra } from '../helpers/cli.js';

const records = Array.from({ length: 15 }, (_, index) => generateRecord(index, { seed: 6 }));
const train = Array.from({ length: 30 }, (_, index) => generateRecord(index, { seed: 8 }));

let folder: string;
const path = (name: string): string => join(folder, name);
const run = (...args: string[]) => palabra(['logic', 'evaluate', '--data', path('test.jsonl'), ...args]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logic-evaluate-'));
  await writeRecords(path('test.jsonl'), records);
  await writeRecords(path('train.jsonl'), train);
  // Right but for a third, which is no formula.
  const predicted = records.map(({ input, formula, atoms }, i) => ({ input, formula: i % 3 ? formula : 'p →', atoms }));
  await writeLines(path('predicted.jsonl'), predicted);
  await writeFile(path('list.json'), JSON.stringify(predicted, null, 2));
});
afterAll(() => rm(folder, { recursive: true }));

describe('palabra logic evaluate', () => {
  test('prints tables and writes report and predictions', async () => {
    const out = path('out');
    const flags = ['--train', path('train.jsonl'), '--examples', '2', '--out', out];
    const { status, stdout } = await run('--predictions', path('predicted.jsonl'), ...flags);
    expect(status).toBe(0);
    expect(stdout).toMatch(/all +n +equivalent +95 % +exact/);
    expect(stdout).toMatch(/global +15 +66\.7 % +41\.7–84\.8 +66\.7 %/);
    expect(stdout).toMatch(/nearest sentence +\d/);
    expect(stdout).toContain('Outputs are often no formula (0.667).');
    expect(stdout.match(/, not p →$/gm)).toHaveLength(2);
    expect(await readFile(join(out, 'report.txt'), 'utf8')).toBe(stdout);
    const report = JSON.parse(await readFile(join(out, 'report.json'), 'utf8')) as LogicReport;
    expect(report).toMatchObject({
      ...{ schemaVersion: 1, total: 15, model: null, alignment: { gloss: 10, strict: 0 } },
      dataset: { path: path('test.jsonl'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/), n: 15 },
    });
    expect(Object.keys(report.global)).toEqual(
      expect.arrayContaining([
        ...['name', 'total', 'exact_match', 'semantic_accuracy', 'syntax_valid_rate', 'partial_credit'],
        ...['atom_f1', 'connector_accuracy', 'compositional_avg'],
      ]),
    );
    expect(Object.keys(report.baselines)).toEqual(['always_implies', 'most_frequent', 'nearest_sentence']);
    const page = await readFile(join(out, 'report.html'), 'utf8');
    expect(page).toContain('<td class="number">0.6667</td><td>0.417 to 0.848</td>');
    expect(page).toMatch(/<svg[^>]*aria-label="Equivalent, by level"/);
    expect(page).toContain('nearest sentence');
    expect(page).not.toMatch(/undefined|NaN|\[object/);
    const again = await palabra([
      'logic',
      'evaluate',
      '--data',
      path('test.jsonl'),
      '--predictions',
      join(out, 'predictions.jsonl'),
      '--json',
    ]);
    expect((JSON.parse(again.stdout) as LogicReport).global).toEqual(report.global);
  });

  test('compares with other predictions; a list of JSON is read as lines are', async () => {
    const flags = ['--predictions', path('test.jsonl'), '--against', path('list.json'), '--out', path('compared')];
    const { stdout } = await run(...flags, '--json');
    const { comparison } = JSON.parse(stdout) as { comparison: ComparedScore[] };
    expect(comparison.find(({ name }) => name === 'valid')).toMatchObject({ first: 1, second: 0.6667 });
    const text = await readFile(path('compared/report.txt'), 'utf8');
    expect(text).toMatch(/semantic +15 +1\.000 +0\.667 +0\.333/);
  });

  test('refuses what it cannot measure', async () => {
    await writeFile(path('broken.jsonl'), '{"id":"a","formula":"p"}\n{"formula":"p"}\n');
    const cases: [string[], RegExp][] = [
      [[], /expected either --predictions or --model, received neither/],
      [['--predictions', path('test.jsonl'), '--model', folder], /received both/],
      [['--predictions', path('none.jsonl')], /PAL_FILE/],
      [['--predictions', path('broken.jsonl')], /broken\.jsonl:2: expected an id or an input/],
      [['--predictions', path('train.jsonl')], /none of which belongs to a record/],
      [['--model', path('none')], /palabra logic evaluate: .*no such folder/],
    ];
    for (const [flags, message] of cases)
      expect(await run(...flags)).toMatchObject({ status: 1, stderr: expect.stringMatching(message) });
  });
});
