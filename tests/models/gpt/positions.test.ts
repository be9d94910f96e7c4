import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { WindowDataset } from '../../../lib/data/index.js';
import { Gpt, gptPresets } from '../../../lib/models/index.js';
import type { GptOptions } from '../../../lib/models/index.js';
import { SinusoidalPositions } from '../../../lib/nn/index.js';
import { manualSeed } from '../../../lib/tensor/index.js';
import { CharTokenizer } from '../../../lib/text/index.js';
import { Trainer } from '../../../lib/training/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

/** The mean loss of the last of 120 steps. */
async function train(positions: GptOptions['positions']): Promise<number> {
  const text = readFileSync('README.md', 'utf8');
  const tokenizer = await CharTokenizer.train(text);
  const data = { train: new WindowDataset(Uint16Array.from(tokenizer.encode(text)), { length: 32 }) };
  manualSeed(1);
  const small = { ...gptPresets.transformer, width: 64, layers: 1, mlp: { type: 'gelu', hiddenWidth: 128 } } as const;
  const model = new Gpt({ ...small, vocabSize: tokenizer.size, contextLength: 32, ...(positions && { positions }) });
  const optimizer = { type: 'adamw', learningRate: 2e-3 } as const;
  const trainer = new Trainer({ model, data, steps: 120, batchSize: 16, optimizer });
  const losses: number[] = [];
  for await (const { loss } of trainer.steps()) losses.push(loss);
  return losses.slice(-20).reduce((sum, loss) => sum + loss) / 20;
}

test('sines as large as token vectors do not drown them: the preset learns as with learned positions', async () => {
  const learned = await train({ type: 'learned' });
  expect(await train(undefined)).toBeLessThan(learned + 0.02);
  expect(await train({ type: 'sinusoidal', rms: Math.SQRT1_2 })).toBeGreaterThan(learned + 0.1);
});

test('position vectors have the size that they are given', () => {
  const { positions } = new Gpt({
    vocabSize: 7,
    contextLength: 9,
    width: 8,
    heads: 2,
    layers: 1,
    initStd: 0.3,
    positions: { type: 'sinusoidal' },
  });
  for (const [made, rms] of [
    [positions as SinusoidalPositions, 0.3],
    [new SinusoidalPositions(9, 8), Math.SQRT1_2],
  ] as const)
    expect(made.table.square().mean().sqrt().item()).toBeCloseTo(rms, 6);
});
