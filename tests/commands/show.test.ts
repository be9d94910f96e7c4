import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { palabra } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

const story = 'The sun climbs over the hill. The bird sings in the tree. The river runs down to the sea.\n';
const memory = { type: 'slots', slots: 4, chunkLength: 4, threshold: 0.1, gate: { type: 'static', bias: 0 } };
const model = { type: 'infinito', width: 16, layers: 1, heads: 2, segmentLength: 8, memory };
const settings = {
  ...{ tokenizer: { type: 'char' }, dataset: { type: 'streams', length: 8 }, model },
  trainer: { batchSize: 4, steps: 3 },
};

describe('palabra train --show', () => {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder.path, ...names);
  const train = (names: string, run: string) =>
    palabra(['train', at('story.txt'), '--run', at(run), '--config', at('train.json'), '--show', names]);

  beforeAll(() => {
    writeFileSync(at('story.txt'), story.repeat(40));
    writeFileSync(at('train.json'), JSON.stringify(settings));
  });
  afterAll(() => folder[Symbol.dispose]());

  test('shows what a model reports of its memory; the metrics log has all of it', async () => {
    const { status, stderr } = await train('phi,gate', 'run');
    expect([status, stderr]).toEqual([0, expect.stringMatching(/train {2}100 % .* phi 0\.\d+ {2}gate 0\.\d+ /)]);
    const steps = readFileSync(at('run', 'metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; metrics: Record<string, number> })
      .filter(({ type }) => type === 'step');
    const names = ['gate', 'contribution', 'writes', 'evictions', 'occupancy', 'coherence', 'phi', 'rotation'];
    const components = ['Temporal', 'Integration', 'Participation', 'Attention'];
    const all = [...names, 'threshold', ...['phi', 'weight'].flatMap((of) => components.map((name) => of + name))];
    expect(Object.keys(steps.at(-1)!.metrics).sort()).toEqual(all.sort());
    expect(steps.map(({ metrics }) => metrics.writes)).toEqual([2, 2, 2]);
    expect(readFileSync(at('run', 'metrics.jsonl'), 'utf8')).not.toContain('NaN');
  });

  test('refuses a name that no step has', async () => {
    expect(await train('fi', 'other')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/\[PAL_ARGUMENT\] --show: expected names among loss, .*phi.*received fi/),
    });
  });
});
