import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readJournal } from '../../lib/experiments/index.js';
import type { JournalEntry, SweepReport } from '../../lib/experiments/index.js';
import { palabra } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

const story = [
  'The sun climbs over the hill.',
  'The bird sings in the tree.',
  'The river runs down to the sea.',
  'A cat sleeps on the stone.',
];
/** Sixty documents, none like another. */
const documents = Array.from({ length: 60 }, (_, i) => `${i} ${story[i % 4]} ${story[(i * 7 + 1) % 4]} ${i * i}.`);

const base = {
  tokenizer: { type: 'char' },
  model: { type: 'gpt', width: 16, layers: 1, heads: 2, contextLength: 16 },
  trainer: { batchSize: 4, optimizer: { type: 'adamw' } },
};
const sweep = {
  name: 'rate',
  method: 'halving',
  base: './base.json',
  data: ['story.jsonl'],
  parameters: { 'trainer.optimizer.learningRate': { distribution: 'log_uniform', min: 1e-5, max: 1e-1 } },
  halving: { factor: 2, rungs: 2 },
  budget: { tokens: 64 * 10 * 16, trials: 4 },
  confirm: { top: 1, seeds: 2 },
};

/** A line without what differs from one session to the next. */
const outline = (entries: readonly JournalEntry[]) => entries.filter(({ type }) => type !== 'started');

describe('palabra sweep', () => {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder.path, ...names);
  const write = (name: string, value: unknown) => writeFileSync(at(name), JSON.stringify(value));
  const run = (out: string, file = 'sweep.json') => palabra(['sweep', 'run', at(file), '--out', at(out), '--json']);
  let report: SweepReport;

  beforeAll(async () => {
    writeFileSync(at('story.jsonl'), documents.map((text) => `${JSON.stringify({ text })}\n`).join(''));
    write('base.json', base);
    write('sweep.json', sweep);
    const { status, stdout, stderr } = await run('whole');
    expect([status, stderr]).toEqual([0, expect.stringContaining('rung 2: run')]);
    report = JSON.parse(stdout) as SweepReport;
  });
  afterAll(() => folder[Symbol.dispose]());

  test('halves: four points to one rung, two to the next, the best anew with fresh seeds, then the test data once', () => {
    expect(report.stages).toEqual([
      { name: 'rung 1', tokens: 1024, points: 4, failed: 0 },
      { name: 'rung 2', tokens: 2048, points: 2, failed: 0 },
    ]);
    // 4 runs to one rung, 2 of them to two, and 2 fresh ones to two.
    const { budget, planned, used } = report.tokens;
    expect([budget, planned]).toEqual([10_240, 10_240]);
    // A run ends with the step that passes its bound.
    expect(used).toBeGreaterThanOrEqual(planned);
    expect(used).toBeLessThan(planned + 6 * 64);
    const [winner] = report.confirmed;
    expect(winner).toMatchObject({
      point: report.ranking[0]!.point,
      seeds: 2,
      test: { 'test/nllPerByte': expect.any(Number) },
    });
    const scored = readJournal(at('whole', 'trials.jsonl')).filter(
      ({ stage, type }) => stage === 'test' && type === 'finished',
    );
    expect(scored.map(({ run: name }) => name)).toEqual(['0005', '0006']);
    const figure = winner!.test;
    expect(figure['test/nllPerByte']).toBeCloseTo(figure['test/bitsPerByte']! * Math.LN2, 10);
    expect(readFileSync(at('whole', 'report.md'), 'utf8')).toContain('on 2 fresh seeds (chosen at');
  });

  test('a rung is where an uninterrupted run would be: the same losses, step by step', async () => {
    const [best] = report.ranking;
    const [name] = best!.runs;
    const settings = ['--config', at('whole', 'trials', name!, 'train.json'), '--no-tensorboard'];
    const words = ['train', at('story.jsonl'), '--run', at('straight'), ...settings];
    expect((await palabra(words)).status).toBe(0);
    const losses = (path: string) =>
      readFileSync(join(path, 'metrics.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string; index?: number; step?: number; loss: number })
        .filter(({ type }) => type === 'step' || type === 'evaluation')
        .map(({ type, index, step, loss }) => [type, index ?? step, loss]);
    expect(losses(at('whole', 'trials', name!))).toEqual(losses(at('straight')));
  });

  test('what is done is not done again; status and report say the same as the run', async () => {
    const before = readFileSync(at('whole', 'trials.jsonl'), 'utf8');
    const again = await run('whole');
    expect([again.status, JSON.parse(again.stdout)]).toEqual([0, report]);
    expect(readFileSync(at('whole', 'trials.jsonl'), 'utf8')).toBe(before);
    expect(JSON.parse((await palabra(['sweep', 'report', at('whole'), '--json'])).stdout)).toEqual(report);
    expect((await palabra(['sweep', 'status', at('whole')])).stdout).toMatch(
      /rung 1 +4 finished, 0 diverged, 0 failed, 0 open/,
    );
  });

  test('cut off anywhere in its journal, it comes to the same report, and its journal to the same lines', async () => {
    const whole = readJournal(at('whole', 'trials.jsonl'));
    const size = readFileSync(at('whole', 'trials.jsonl')).length;
    for (const share of [0.85, 0.45, 0.1]) {
      truncateSync(at('whole', 'trials.jsonl'), Math.floor(size * share));
      const { status, stdout } = await run('whole');
      expect([status, JSON.parse(stdout)]).toEqual([0, report]);
      expect(outline(readJournal(at('whole', 'trials.jsonl')))).toEqual(outline(whole));
    }
  });

  test('a run that is gone is trained anew, to the same figures', async () => {
    const lines = readFileSync(at('whole', 'trials.jsonl'), 'utf8').split('\n');
    const from = lines.findIndex((line) => line.includes('"type":"finished","stage":"confirm"'));
    writeFileSync(
      at('whole', 'trials.jsonl'),
      lines
        .slice(0, from)
        .map((line) => `${line}\n`)
        .join(''),
    );
    rmSync(at('whole', 'trials', '0005'), { recursive: true });
    expect(JSON.parse((await run('whole')).stdout)).toEqual(report);
  });

  test('what no run of a search has, as a mix of folders, is refused by name', async () => {
    write('mixed.base.json', { ...base, mix: { books: 1 } });
    write('mixed.json', { ...sweep, base: './mixed.base.json' });
    const { status, stderr } = await run('mixed', 'mixed.json');
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/expected keys source, .* received mix/);
  });

  test('a file that was changed is refused by what differs; another folder takes it', async () => {
    write('changed.json', { ...sweep, seed: 4 });
    expect(await run('whole', 'changed.json')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/the plan that .*whole was begun with.*config\.seed: 0 → 4/s),
    });
  });

  test('what diverges ranks last, and the others go on', async () => {
    const rates = { values: [1e-2, 1e30, 1e-3] };
    const parameters = { 'trainer.optimizer.learningRate': rates };
    const { halving: _, confirm: __, ...grid } = sweep;
    write('grid.json', { ...grid, method: 'grid', parameters, budget: { tokens: 64 * 12 } });
    const { status, stdout } = await run('grid', 'grid.json');
    expect(status).toBe(0);
    const found = JSON.parse(stdout) as SweepReport;
    expect(found.stages).toEqual([{ name: 'trials', tokens: 256, points: 3, failed: 1 }]);
    expect(found.ranking.at(-1)).toMatchObject({ point: 1, value: null });
  });

  test.each([
    [{ 'trainer.optimizer.learningRat': { values: [1] } }, /Did you mean "trainer\.optimizer\.learningRate"/],
    [{ 'trainer.steps': { values: [1] } }, /trainer\.steps.*budget in tokens/s],
    [{ 'model.heads': { values: [3] } }, /heads/],
  ])('%j is refused before anything is trained', async (parameters, message) => {
    const { halving: _, confirm: __, ...grid } = sweep;
    write('wrong.json', { ...grid, method: 'grid', parameters });
    expect(await run('wrong', 'wrong.json')).toMatchObject({ status: 1, stderr: expect.stringMatching(message) });
    expect(existsSync(at('wrong', 'trials'))).toBe(false);
  });

  test('plan shows what it will cost', async () => {
    const { status, stdout } = await palabra(['sweep', 'plan', at('sweep.json')]);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/rung 1: 4 points × 1 seeds, to 1,024 tokens each/)]);
    expect(stdout).toContain('10,240 tokens in all, of a budget of 10,240');
  });
});
