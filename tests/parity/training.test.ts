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

/** The variant whose loss depends on key biases: its positions rotate, its queries and keys have no norm. */
const WITH_KEY_BIASES = 'ReLU², grouped heads, bias, untied';

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
    positions: { type: 'sinusoidal', rms: Math.SQRT1_2 },
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
  [WITH_KEY_BIASES]: { ...small, mlp: { type: 'relu2' }, kvHeads: 2, tied: false, bias: true },
};

describeWithPython('50 AdamW steps of a Gpt against PyTorch', () => {
  test.each(Object.entries(variants))('%s', async (name, config) => {
    manualSeed(6);
    const found = await trainBesidePyTorch(new Gpt(config));
    console.log(`${name}: ${JSON.stringify(found)}`);
    expect(found.lastLoss).toBeLessThan(found.firstLoss);
    expect(found.losses).toBeLessThanOrEqual(MARK);
    expect(found.weights).toBeLessThanOrEqual(MARK);
    expect(found.freeKeyBiases ?? 0).toBeLessThanOrEqual(1e-13);
  });

  // One training says little: each error is a draw of rounding, and the ratio of two of them is anything from 0.3 to 5.
  test('key biases are as near to those of float64 as fused attention in PyTorch brings them', async () => {
    const distances: { exact: number; peerExact: number }[] = [];
    for (const seed of [6, 7, 8, 9]) {
      manualSeed(seed);
      distances.push(...(await trainBesidePyTorch(new Gpt(variants[WITH_KEY_BIASES]!))).keyBiases);
    }
    expect(distances).toHaveLength(12);
    const [ours, theirs] = [distances.map(({ exact }) => exact), distances.map(({ peerExact }) => peerExact)];
    console.log(`key biases: ${Math.hypot(...ours)} from float64, PyTorch ${Math.hypot(...theirs)}`);
    expect(Math.hypot(...ours)).toBeLessThanOrEqual(1.5 * Math.hypot(...theirs));
  }, 600_000);
});
