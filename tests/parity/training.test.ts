import { expect, test } from '@jest/globals';
import { Gpt } from '../../lib/models/index.js';
import type { GptOptions } from '../../lib/models/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { describeWithPython } from '../helpers/python.js';
import { trainBesidePyTorch } from './train-beside-pytorch.js';

freedAfterEach();

/** The mark for losses and weights after 50 steps, relative, in float32. */
const MARK = 1e-5;

const sizes = { vocabSize: 20, contextLength: 16, width: 32, layers: 3, heads: 4 } as const;
const small = { ...sizes, queryKeyNorm: { type: 'none' } } as const;
const variants: Record<string, GptOptions> = {
  'the default': sizes,
  'rotary, RMSNorm, SwiGLU, tied': small,
  'learned positions, LayerNorm, GELU, tied, bias': {
    ...small,
    positions: { type: 'learned' },
    norm: { type: 'layer' },
    mlp: { type: 'gelu' },
    bias: true,
  },
  'QK-norm, ReLU², shares of input and values, capped logits': {
    ...small,
    queryKeyNorm: { type: 'rms' },
    mlp: { type: 'relu2' },
    valueResidual: { input: true, value: true },
    logitSoftCap: 5,
    kvHeads: 2,
  },
  'sinusoidal positions, soft-capped attention, GELU by tanh': {
    ...small,
    positions: { type: 'sinusoidal' },
    attention: { type: 'logitSoftCap', cap: 2 },
    mlp: { type: 'gelu', approximate: 'tanh' },
  },
  'differential attention, grouped heads, untied': {
    ...small,
    attention: { type: 'differential' },
    kvHeads: 2,
    tied: false,
  },
  'windows of 5 tokens, learned positions': {
    ...small,
    attention: { type: 'slidingWindow', window: 5 },
    positions: { type: 'learned' },
  },
  'ReLU², grouped heads, bias, untied': { ...small, mlp: { type: 'relu2' }, kvHeads: 2, tied: false, bias: true },
};

describeWithPython('50 AdamW steps of a Gpt against PyTorch', () => {
  test.each(Object.entries(variants))('%s', async (name, config) => {
    manualSeed(6);
    const found = await trainBesidePyTorch(new Gpt(config));
    console.log(`${name}: ${JSON.stringify(found)}`);
    expect(found.lastLoss).toBeLessThan(found.firstLoss);
    expect(found.losses).toBeLessThanOrEqual(MARK);
    expect(found.weights).toBeLessThanOrEqual(MARK);
    expect(found.keyBiases ?? 0).toBeLessThanOrEqual(1.5);
    expect(found.freeKeyBiases ?? 0).toBeLessThanOrEqual(1e-13);
  });
});
