import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Gpt, gptPresets } from '../../lib/models/index.js';
import type { GptOptions } from '../../lib/models/index.js';
import { manualSeed, noGrad, randint, saveSafetensors } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { describeWithPython, python } from '../helpers/python.js';
import { trainBesidePyTorch } from './train-beside-pytorch.js';

freedAfterEach();

const xs = {
  ...gptPresets['nanologic-xs'],
  ...{ vocabSize: 40, contextLength: 64, dropout: 0, stochasticDepth: 0 },
} as const;

const variants: Record<string, GptOptions> = {
  scalar: { ...xs, attention: { type: 'differentialScalar' } },
  v2: { ...xs, attention: { type: 'differentialV2' } },
  'scalar, capped scores, deepnorm': {
    ...xs,
    attention: { type: 'differentialScalar', cap: 5 },
    residual: { type: 'deepnorm' },
  },
  'v2, capped scores, prenorm-alpha': {
    ...xs,
    attention: { type: 'differentialV2', cap: 5 },
    residual: { type: 'prenormAlpha' },
  },
};

/** The largest difference of logits from those of PyTorch. */
async function compareLogits(model: Gpt): Promise<{ difference: number; largest: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'palabra-parity-'));
  try {
    const file = join(folder, 'tensors');
    const ids = randint(0, 40, [3, 48], { dtype: 'int64' });
    const logits = noGrad(() => model.forward(ids, { training: false }));
    const weights = Object.entries(model.stateDict()).map(([name, value]) => [`model.${name}`, value] as const);
    await saveSafetensors(file, { ...Object.fromEntries(weights), ids, logits });
    const { json } = python('tests/parity/nanologic.py', { input: { file, config: model.config } });
    return json as { difference: number; largest: number };
  } finally {
    await rm(folder, { recursive: true });
  }
}

describeWithPython('NanoLogic against plain PyTorch', () => {
  test.each(Object.entries(variants))('%s: logits', async (name, config) => {
    manualSeed(8);
    const model = new Gpt({ ...config, initEmbeddingStd: 0.3 });
    const { difference, largest } = await compareLogits(model);
    expect(largest).toBeGreaterThan(1);
    expect(difference).toBeLessThanOrEqual(1e-5 * Math.max(1, largest));
    console.log(`${name}: logits ${difference} of ${largest}`);
  });

  test.each(['scalar', 'v2'])('%s: 50 steps of AdamW', async (name) => {
    manualSeed(9);
    const found = await trainBesidePyTorch(new Gpt(variants[name]!));
    console.log(`${name}: ${JSON.stringify(found)}`);
    expect(found.lastLoss).toBeLessThan(found.firstLoss);
    expect(found.losses).toBeLessThanOrEqual(1e-4);
  });
});
