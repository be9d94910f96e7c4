import { expect, test } from '@jest/globals';
import { LstmLanguageModel } from '../../lib/models/index.js';
import type { LstmModelOptions } from '../../lib/models/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { describeWithPython } from '../helpers/python.js';
import { trainBesidePyTorch } from './train-beside-pytorch.js';

freedAfterEach();

/** The mark for losses and weights after 50 steps, relative, in float32. */
const MARK = 1e-5;

const small = { vocabSize: 20, embeddingDim: 24, width: 32, dropout: 0 } as const;
const variants: Record<string, LstmModelOptions> = {
  '2 layers': small,
  '1 layer, tied': { ...small, layers: 1, tied: true },
};

describeWithPython('50 AdamW steps of an LstmLanguageModel against PyTorch', () => {
  test.each(Object.entries(variants))('%s', async (name, config) => {
    manualSeed(6);
    const found = await trainBesidePyTorch(new LstmLanguageModel(config));
    console.log(`${name}: ${JSON.stringify(found)}`);
    expect(found.lastLoss).toBeLessThan(found.firstLoss);
    expect(found.losses).toBeLessThanOrEqual(MARK);
    expect(found.weights).toBeLessThanOrEqual(MARK);
  });
});
