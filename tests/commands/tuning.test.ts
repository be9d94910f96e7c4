import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formatFoundRate } from '../../lib/cli/commands/training/find-rate.js';
import { loadModel, saveHuggingFace } from '../../lib/models/index.js';
import { scope } from '../../lib/tensor/index.js';
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
      scope(() => tensor.sub(weights[1]![i]![1]).abs().max().item<number>()) === 0 ? [] : [name],
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

  describe('--from a model', () => {
    const other = 'A cat sleeps on the warm stone. Two dogs bark at night. The moon is white over the old house.\n';
    const evaluations = (run: string) =>
      readFileSync(join(run, 'metrics.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string; step: number; loss: number })
        .filter(({ type }) => type === 'evaluation');
    const from = (model: string, run: string, ...words: string[]) =>
      palabra(['train', at('other.txt'), '--run', run, '--from', model, ...words]);

    beforeAll(async () => {
      writeFileSync(at('other.txt'), other.repeat(60));
      const words = [
        '--preset',
        'llama',
        '--tokenizer.vocabSize',
        '280',
        '--trainer.steps',
        '60',
        '--trainer.batchSize',
        '8',
        ...small,
      ];
      const taught = await palabra(['train', at('story.txt'), '--run', at('taught'), ...words]);
      expect([taught.status, taught.stderr]).toEqual([0, expect.any(String)]);
    });

    test('goes on with its weights, tokenizer and shape, and betters it on other text', async () => {
      const { status, stderr } = await from(at('taught'), at('tuned'));
      expect([status, stderr]).toEqual([0, expect.any(String)]);
      const [taught, tuned] = [readConfig(at('taught')), readConfig(at('tuned'))];
      expect(tuned.model).toEqual(taught.model);
      expect(tuned.trainer).toMatchObject({ epochs: 3, optimizer: { type: 'adamw', learningRate: 1e-3 } });
      const found = evaluations(at('tuned'));
      expect(found[0]!.step).toBe(0);
      expect(found.at(-1)!.loss).toBeLessThan(found[0]!.loss - 0.1);
      const words = ['--trainer.epochs', '4', '--json'];
      const resumed = await palabra(['resume', at('tuned'), ...words]);
      expect(resumed).toMatchObject({ status: 0 });
      expect(JSON.parse(resumed.stdout).best.loss).toBeLessThanOrEqual(found.at(-1)!.loss);
    });

    test('a folder of Hugging Face is one to go on from', async () => {
      const { model, tokenizer } = await loadModel(at('taught', 'model'));
      await saveHuggingFace(at('hugging-face'), model, { tokenizer: tokenizer! });
      model.dispose();
      const { status, stderr } = await from(at('hugging-face'), at('foreign'), '--trainer.steps', '4');
      expect([status, stderr]).toEqual([0, expect.any(String)]);
      const found = evaluations(at('foreign'));
      expect(found.at(-1)!.loss).toBeLessThan(found[0]!.loss);
    });

    test('what contradicts it is an error', async () => {
      const wide = await from(at('taught'), at('wide'), '--model.width', '32');
      expect(wide).toMatchObject({ status: 1, stderr: expect.stringMatching(/its own shape and tokenizer.*of model/) });
      const preset = await from(at('taught'), at('preset'), '--preset', 'lstm');
      expect(preset).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/cannot be used with option '--preset/),
      });
      const words = ['prepare', at('other.txt'), '--out', at('characters'), '--tokenizer', 'char'];
      expect(await palabra(words)).toMatchObject({ status: 0 });
      const ids = await palabra(['train', at('characters'), '--from', at('taught'), '--run', at('mixed')]);
      expect(ids).toMatchObject({ status: 1, stderr: expect.stringMatching(/encoded by another, char of/) });
    });
  });

  test('--find-rate suggests a rate, shows the curve and leaves nothing behind', async () => {
    const words = [
      'train',
      at('story.txt'),
      '--tokenizer',
      'char',
      ...small,
      '--trainer.batchSize',
      '8',
      '--find-rate',
    ];
    mkdirSync(at('temporary'));
    const shown = await palabra(words, { TMPDIR: at('temporary') });
    expect(shown).toMatchObject({ status: 0, stderr: expect.stringMatching(/find rate +100 %.*loss/) });
    expect(shown.stdout).toMatch(
      /^rate +loss\n1\.0e-6 +\d\.\d+ +█+\n[^]+█ +suggested\n[^]+\nsuggested +\d\.\de-\d, where/,
    );
    const { suggestion, curve } = JSON.parse((await palabra([...words, '--json'])).stdout);
    expect(shown.stdout).toContain(`--trainer.optimizer.learningRate ${Number(suggestion).toExponential(1)}`);
    expect(curve[0]).toMatchObject({ learningRate: 1e-6, loss: expect.any(Number), smoothed: expect.any(Number) });
    expect(readdirSync(at('temporary'))).toEqual([]);
  });

  test('--find-rate that is stopped says so, and not that the loss does not fall', () => {
    const point = (loss: number) => ({ learningRate: 1e-6, loss, smoothed: loss });
    const found = { suggestion: undefined, curve: [point(3), point(3.1)], diverged: false };
    const text = formatFoundRate(found);
    expect(text).toMatch(/suggested +none yet: the test was stopped/);
    expect(text).toMatch(/end +stopped after 2 of 100 updates/);
    const whole = { ...found, curve: Array.from({ length: 100 }, () => point(3)) };
    expect(formatFoundRate(whole)).toMatch(/the loss does not fall[^]*the loss stayed in bounds/);
    expect(formatFoundRate({ ...found, diverged: true })).toMatch(/the loss ran away at 1\.0e-6/);
  });
});
