import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel, saveModel } from '../../../lib/models/index.js';
import { quantizeWeights } from '../../../lib/nn/index.js';
import { ByteTokenizer } from '../../../lib/text/index.js';
import { newLlama } from '../../adapters/models.js';
import { palabra } from '../../helpers/cli.js';
import { freedAfterEach } from '../../helpers/freed.js';
import { temporaryFolder } from '../../helpers/stub-libtorch.js';

freedAfterEach();

describe('palabra quantize', () => {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  const tokenizer = new ByteTokenizer();

  beforeAll(async () => {
    writeFileSync(at('text.txt'), 'The miller walked to the mill by the river. '.repeat(4));
    const model = newLlama({ vocabSize: tokenizer.size, tied: true, width: 64, heads: 4 });
    await saveModel(at('plain'), model, { tokenizer, generation: { temperature: 0.5 } });
    model.dispose();
  });
  afterAll(() => folder[Symbol.dispose]());

  test.each([
    [['--weights', 'int8'], { weights: 'int8' }],
    [['--weights', 'int8', '--group', '64'], { weights: 'int8', group: 64 }],
    [['--weights', 'int4'], { weights: 'int4' }],
    [
      ['--weights', 'int4', '--no-zero-point', '--head-dtype', 'int4'],
      { weights: 'int4', zeroPoint: false, head: 'int4' },
    ],
  ] as const)('%j writes what quantizeWeights gives', async (flags, options) => {
    const out = at(flags.join(''));
    const { status, stdout } = await palabra(['quantize', at('plain'), '--out', out, ...flags, '--json']);
    expect(status).toBe(0);
    const { bytes } = JSON.parse(stdout) as { bytes: { before: number; after: number } };
    const [plain, loaded] = [await loadModel(at('plain')), await loadModel(out)];
    quantizeWeights(plain.model, options);
    const [expected, found] = [plain.model.stateDict(), loaded.model.stateDict()];
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [name, tensor] of Object.entries(expected)) {
      expect([found[name]!.shape, found[name]!.dtype]).toEqual([tensor.shape, tensor.dtype]);
      expect(found[name]!.bits()).toEqual(tensor.bits());
    }
    expect(bytes.after).toBe(loaded.model.ownedTensors().reduce((sum, tensor) => sum + tensor.bytes, 0));
    expect(bytes.after / bytes.before).toBeLessThan(0.35);
    expect(loaded.generation).toEqual({ temperature: 0.5 });
    expect(loaded.tokenizer?.size).toBe(tokenizer.size);
    for (const { model } of [plain, loaded]) model.dispose();
  });

  test('tells what it costs on a text', async () => {
    const args = ['quantize', at('plain'), '--weights', 'int8', '--text', at('text.txt'), '--out', at('measured')];
    const { status, stdout, stderr } = await palabra(args);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/perplexity +\d+\.\d+, full \d+\.\d+, on 160 tokens/);
    expect(stdout).toMatch(/KL +0\.\d+ \(95 %: 0\.\d+ to 0\.\d+\) nats a token/);
  });

  test('what it can not do is refused by name', async () => {
    const run = async (...flags: string[]) => (await palabra(['quantize', ...flags, '--out', at('none')])).stderr;
    await palabra(['quantize', at('plain'), '--weights', 'int8', '--out', at('held')]);
    expect(await run(at('held'), '--weights', 'int4')).toMatch(/not rounded yet.*int8/s);
    expect(await run(at('plain'), '--weights', 'int8', '--no-zero-point')).toMatch(/--no-zero-point.*int4/);
    expect(await run(at('plain'), '--weights', 'bfloat16', '--group', '32')).toMatch(/--group/);
    expect(await run(at('plain'), '--weights', 'int2')).toMatch(/int2/);
    expect(await run(at('plain'), '--weights', 'int8', '--text', at('missing.txt'))).toMatch(/missing\.txt/);
    expect(await run(at('plain'), '--weights', 'int8', '--text', at('text.txt'), '--tokens', '0')).toMatch(/--tokens/);
  });
});
