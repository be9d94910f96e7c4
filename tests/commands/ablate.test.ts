import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readJournal } from '../../lib/experiments/index.js';
import type { StudyReport } from '../../lib/experiments/index.js';
import { palabra } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

const story = ['The sun climbs over the hill.', 'The bird sings in the tree.', 'A cat sleeps on the stone.'];
/** Sixty documents, none like another. */
const documents = Array.from({ length: 60 }, (_, i) => `${i} ${story[i % 3]} ${story[(i * 7 + 1) % 3]} ${i * i}.`);

const study = {
  name: 'rates',
  base: {
    tokenizer: { type: 'char' },
    model: { type: 'gpt', width: 16, layers: 1, heads: 2, contextLength: 16 },
    trainer: { batchSize: 4, optimizer: { type: 'adamw', learningRate: 1e-2 } },
  },
  data: ['story.jsonl'],
  arms: { usual: {}, slow: { trainer: { optimizer: { type: 'adamw', learningRate: 1e-6 } } } },
  baseline: 'usual',
  seeds: [1, 2, 3, 4, 5],
  tokens: 512,
};

describe('palabra ablate', () => {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder.path, ...names);
  const run = (over: object = {}, out = 'study') => {
    writeFileSync(at('study.json'), JSON.stringify({ ...study, ...over }));
    return palabra(['ablate', 'run', at('study.json'), '--out', at(out), '--json']);
  };
  let report: StudyReport;

  beforeAll(async () => {
    writeFileSync(at('story.jsonl'), documents.map((text) => `${JSON.stringify({ text })}\n`).join(''));
    const { status, stdout, stderr } = await run();
    expect([status, stderr]).toEqual([0, expect.stringContaining('test: run slow-s5: test/nllPerByte')]);
    expect(stderr).toMatch(
      /runs: run slow-s1 begins, 2 of 10\n[^]*train {2}100 % .* loss [^]*runs: run slow-s1: valid/,
    );
    expect(stderr).toContain('test: run usual-s1 begins, 1 of 10\n');
    report = JSON.parse(stdout) as StudyReport;
  });
  afterAll(() => folder[Symbol.dispose]());

  test('an arm that hardly learns is worse, seed by seed, and the summary says so', () => {
    expect(report.arms.map(({ arm, values }) => [arm, values.length])).toEqual([
      ['usual', 5],
      ['slow', 5],
    ]);
    expect(report.arms[0]!.parameters).toBe(report.arms[1]!.parameters);
    const [found] = report.comparisons;
    expect(found).toMatchObject({ arm: 'slow', pairs: 5, verdict: 'worse', wilcoxon: 0.0625 });
    expect(found!.interval[0]).toBeGreaterThan(0);
    expect(found!.bootstrap![0]).toBeGreaterThan(0);
    const text = readFileSync(at('study', 'report.md'), 'utf8');
    expect(text).toContain('**Against usual: none better; slow worse.**');
    expect(text).toMatch(/a difference of 1\.68\d standard deviations/);
  });

  test('arms take turns, have the same data in the same order, and are scored on the test data once', () => {
    const entries = readJournal(at('study', 'trials.jsonl'));
    const started = entries
      .filter(({ type, stage }) => type === 'started' && stage === 'runs')
      .map((entry) => entry.run);
    expect(started.slice(0, 3)).toEqual(['usual-s1', 'slow-s1', 'usual-s2']);
    expect(entries.filter(({ type, stage }) => type === 'finished' && stage === 'test')).toHaveLength(10);
    const [usual, slow] = ['usual-s1', 'slow-s1'].map((name) =>
      JSON.parse(readFileSync(at('study', 'trials', name, 'config.json'), 'utf8')),
    );
    expect(slow.data).toEqual(usual.data);
    const firstLoss = (name: string) => {
      const lines = readFileSync(at('study', 'trials', name, 'metrics.jsonl'), 'utf8')
        .trim()
        .split('\n');
      return lines
        .map((line) => JSON.parse(line) as { type: string; loss: number })
        .find(({ type }) => type === 'step')!.loss;
    };
    expect(firstLoss('slow-s1')).toBe(firstLoss('usual-s1'));
    expect(firstLoss('slow-s2')).not.toBe(firstLoss('slow-s1'));
  });

  test('it goes on where its journal ends, to the same report', async () => {
    truncateSync(at('study', 'trials.jsonl'), 3000);
    expect(JSON.parse((await run()).stdout)).toEqual(report);
    expect(JSON.parse((await palabra(['ablate', 'report', at('study'), '--json'])).stdout)).toEqual(report);
    expect((await palabra(['ablate', 'status', at('study')])).stdout).toMatch(/runs +10 finished/);
  });

  test('a study that was changed after it began is refused by what differs', async () => {
    expect(await run({ alpha: 0.1 })).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/received one that differs in 1 values: config\.alpha: 0\.05 → 0\.1/),
    });
  });

  test.each([
    [{ arms: { usual: {}, slow: { trainer: { tokens: 1 } } } }, /arm slow: .*trainer\.tokens/],
    [
      { arms: { usual: {}, wide: { model: { width: 32 } } }, match: 'parameters' },
      /parameters, to 2 %, as usual has.*of wide/,
    ],
    [{ arms: { usual: {}, odd: { model: { widht: 32 } } } }, /Did you mean "width"/],
    [{ base: { ...study.base, mix: { books: 1 } } }, /received mix/],
    [{ arms: { usual: {}, mixed: { mix: { books: 1 } } } }, /arm mixed: expected keys .* received mix/],
    [{ base: { ...study.base, prepare: { split: { test: 0 } } } }, /a test part in the data/],
  ])('%j is refused before anything is trained', async (over, message) => {
    expect(await run(over, `wrong-${String(message)}`.replace(/\W/g, ''))).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(message),
    });
  });
});
