import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ExplainedSetting } from '../../lib/cli/settings/explain.js';
import type { RunConfig } from '../../lib/training/index.js';
import { palabra } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

const story = 'The sun climbs over the hill. The bird sings in the tree. The river runs down to the sea.\n';
const small = ['--model.width', '8', '--model.layers', '1', '--model.heads', '2', '--model.contextLength', '16'];

describe('settings of the command line', () => {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder.path, ...names);
  const words = ['train', at('story.txt'), '--tokenizer', 'char'];

  beforeAll(() => writeFileSync(at('story.txt'), story.repeat(60)));
  afterAll(() => folder[Symbol.dispose]());

  const explain = async (...options: string[]): Promise<Record<string, ExplainedSetting>> => {
    const { status, stdout, stderr } = await palabra([...words, '--explain', '--json', ...options]);
    expect([status, stderr.includes('[PAL_')]).toEqual([0, false]);
    return Object.fromEntries((JSON.parse(stdout) as ExplainedSetting[]).map((row) => [row.field, row]));
  };

  test('train --explain tells every value and where it comes from, and trains nothing', async () => {
    writeFileSync(at('run.yaml'), 'trainer:\n  batchSize: 16\n  epochs: 3\ndataset:\ngeneration: {topK: 7}\n');
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('palabra-dry-run-'));
    const rows = await explain('--preset', 'lstm-minimal', '--config', at('run.yaml'), '--trainer.steps', '40');
    const told = (field: string) => [rows[field]?.value, rows[field]?.source];
    expect(told('trainer.steps')).toEqual([40, 'flag']);
    expect(told('trainer.epochs')).toEqual([null, 'default']);
    expect(told('trainer.batchSize')).toEqual([16, 'config file']);
    expect(told('trainer.labelSmoothing')).toEqual([0.1, 'preset']);
    expect(told('trainer.zLoss')).toEqual([0, 'default']);
    expect(told('trainer.evaluateEvery')).toEqual([4, 'derived']);
    expect(told('trainer.schedule.type')).toEqual(['plateau', 'preset']);
    expect(told('model.width')).toEqual([128, 'preset']);
    expect(told('dataset.length')).toEqual([100, 'preset']);
    expect(told('generation.topK')).toEqual([7, 'config file']);
    expect(rows['trainer.batchSize']?.detail).toBe(at('run.yaml'));
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('palabra-dry-run-'))).toEqual(before);
  });

  test('the recipe stands beneath what is named, and is said to', async () => {
    const rows = await explain(...small, '--trainer.epochs', '10', '--trainer.optimizer.learningRate', '0.002');
    expect(rows['trainer.optimizer.weightDecay']).toMatchObject({ value: 0.3, source: 'recipe' });
    expect(rows['trainer.optimizer.weightDecay']?.detail).toMatch(/multi-epoch/);
    expect(rows['trainer.optimizer.learningRate']).toMatchObject({ value: 0.002, source: 'flag' });
    expect(rows['trainer.schedule.minimum']).toMatchObject({ value: 0.0002, source: 'derived' });
    expect(rows['model.dropout.residual']).toMatchObject({ value: 0.2, source: 'recipe' });
    const one = await explain(...small, '--trainer.epochs', '10', '--model.dropout', '{"residual": 0.5}');
    expect(one['model.dropout.residual']).toMatchObject({ value: 0.5, source: 'flag' });
    expect(one['model.dropout.embedding']).toMatchObject({ value: 0.2, source: 'recipe' });
  });

  test('naming any field with the value it has changes nothing', async () => {
    const rows = Object.values(await explain(...small, '--trainer.steps', '50'));
    const values = new Map(rows.map(({ field, value }) => [field, value]));
    const named = rows.filter(({ field, value }) => value !== null && !/^source\.|vocabSize$/.test(field));
    const file: Record<string, unknown> = {};
    for (const { field, value } of named) {
      const keys = field.split('.');
      const last = keys.pop()!;
      const place = keys.reduce((inner, key) => (inner[key] ??= {}) as Record<string, unknown>, file);
      place[last] = value;
    }
    writeFileSync(at('all.json'), JSON.stringify(file));
    const again = Object.values(await explain('--config', at('all.json')));
    expect(new Map(again.map(({ field, value }) => [field, value]))).toEqual(values);
    expect(again.filter(({ source }) => source === 'recipe' || source === 'derived').map(({ field }) => field)).toEqual(
      ['model.vocabSize'],
    );
  });

  test('as lines', async () => {
    const { status, stdout } = await palabra([...words, ...small, '--explain', '--trainer.minutes', '1']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^trainer\.minutes +1 +flag$/m);
    expect(stdout).toMatch(/^trainer\.epochs +- +default$/m);
    expect(stdout).toMatch(
      /^trainer\.schedule\.minimum +0\.0005 +derived: a tenth of trainer\.optimizer\.learningRate$/m,
    );
  });

  test('a resume below the first warm-up, with a lower rate, derives both anew', async () => {
    const run = at('run');
    const first = [...words, ...small, '--run', run, '--trainer.epochs', '2', '--trainer.batchSize', '8'];
    expect(await palabra(first)).toMatchObject({ status: 0 });
    expect(existsSync(at('run', 'config.json'))).toBe(true);
    const done = stored(run).trainer.evaluateEvery as number;
    expect(done).toBeGreaterThan(1);
    const longer = ['--trainer.steps', '200', '--trainer.optimizer.learningRate', '0.0005'];
    const { status, stdout } = await palabra(['resume', run, ...longer, '--json']);
    expect([status, (JSON.parse(stdout) as { step: number }).step]).toEqual([0, 200]);
    const { trainer, named } = stored(run);
    expect(trainer).toMatchObject({ steps: 200, batchSize: 8, schedule: { warmup: 10, minimum: 0.00005 } });
    expect(trainer).not.toHaveProperty('epochs');
    expect(named).toEqual({ batchSize: 8, steps: 200, optimizer: { learningRate: 0.0005 } });
    const below = await palabra(['resume', run, '--trainer.steps', '3']);
    expect(below).toMatchObject({ status: 0 });
  });

  const stored = (run: string): RunConfig => JSON.parse(readFileSync(join(run, 'config.json'), 'utf8')) as RunConfig;

  test.each([
    ['trainer: 5\n', /a mapping of settings in trainer/],
    ['trainer: {optimizer: adamw}\n', /optimizer/],
    ['trainer: {schedule: {patience: 3}}\n', /patience/],
  ])('a file that says %j is refused', async (text, message) => {
    writeFileSync(at('wrong.yaml'), text);
    const { status, stderr } = await palabra([...words, '--explain', '--config', at('wrong.yaml')]);
    expect([status, stderr]).toEqual([1, expect.stringMatching(message)]);
  });
});
