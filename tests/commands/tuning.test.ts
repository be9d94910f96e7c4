import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel } from '../../lib/models/index.js';
import type { RunConfig } from '../../lib/training/index.js';
import { palabra } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

const story = 'The sun climbs over the hill. The bird sings in the tree. The river runs down to the sea.\n';
const small = ['--model.width', '16', '--model.layers', '2', '--model.heads', '2', '--model.contextLength', '32'];

/** What is trained, and how fast, by the command line. */
describe('palabra train, tuned', () => {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder.path, ...names);
  const readConfig = (run: string) => JSON.parse(readFileSync(join(run, 'config.json'), 'utf8')) as RunConfig;
  const train = (run: string, ...words: string[]) =>
    palabra(['train', at('story.txt'), '--run', run, '--tokenizer', 'char', ...small, ...words]);

  beforeAll(() => writeFileSync(at('story.txt'), story.repeat(60)));
  afterAll(() => folder[Symbol.dispose]());

  test('a configuration file freezes parameters and gives others a rate of their own, for a resume too', async () => {
    const parts = {
      freeze: ['embedding', 'blocks.0.*'],
      parameterGroups: [{ match: 'blocks.*Norm', learningRateScale: 0.1 }],
    };
    writeFileSync(at('parts.json'), JSON.stringify({ trainer: { ...parts, steps: 4, batchSize: 8 } }));
    const run = at('frozen');
    expect(await train(run, '--config', at('parts.json'))).toMatchObject({ status: 0 });
    expect(readConfig(run).trainer).toMatchObject(parts);
    const { model: start } = await loadModel(at('frozen', 'model'));
    expect(await palabra(['resume', run, '--trainer.steps', '40'])).toMatchObject({ status: 0 });
    const { model: end } = await loadModel(at('frozen', 'model'));
    const weights = [start, end].map((model) => Object.entries(model.stateDict()));
    const changed = weights[0]!.flatMap(([name, tensor], i) =>
      tensor.sub(weights[1]![i]![1]).abs().max().item<number>() === 0 ? [] : [name],
    );
    expect(changed.filter((name) => /^(embedding|blocks\.0)\./.test(name))).toEqual([]);
    expect(changed).toContain('blocks.1.mlp.up.weight');
    for (const model of [start, end]) model.dispose();
  });

  test('a pattern that names nothing is an error with what there is', async () => {
    const words = ['--trainer.steps', '2', '--trainer.freeze', 'norm', '--trainer.freeze', 'block.0'];
    const { status, stderr } = await train(at('none'), ...words);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/freeze.*"block\.0", which names none.*blocks\.\*\.mlp/s),
    ]);
  });
});
