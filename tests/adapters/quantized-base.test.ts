import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  addAdapter,
  hashBase,
  loadAdapter,
  mergeAdapters,
  mergeAndUnload,
  saveAdapter,
  unmergeAdapters,
  withoutAdapters,
} from '../../lib/adapters/index.js';
import type { LoraOptions } from '../../lib/adapters/index.js';
import { loadModel, saveHuggingFace, saveModel } from '../../lib/models/index.js';
import { dequantizeWeights, quantizeWeights, weightFormats } from '../../lib/nn/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import { Trainer } from '../../lib/training/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { newModel, windowData } from '../training/fixtures.js';
import { computeDistance, logitsOf, newIds, newLlama, perturb } from './models.js';

freedAfterEach();

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'palabra-quantized-'));
});
afterAll(() => rm(root, { recursive: true }));

const kinds: [string, LoraOptions][] = [
  ['plain', { r: 4, targetModules: 'all-linear' }],
  ['DoRA', { r: 4, useDora: true }],
  ['a table and a head', { r: 4, targetModules: ['embedding', 'head', 'query'] }],
];

describe.each(weightFormats)('a base whose weights are held in %s', (weights) => {
  test.each(kinds)('%s: logits, loss and gradients of the same base in float32', (_name, options) => {
    const [held, plain] = [newLlama(), newLlama()];
    for (const model of [held, plain]) quantizeWeights(model, { weights });
    dequantizeWeights(plain);
    const gradients = [held, plain].map((model) => {
      manualSeed(8);
      addAdapter(model, options);
      perturb(model);
      const ids = newIds();
      model.accumulateGradients(ids, ids, { training: true });
      return Object.values(model.namedParameters({ trainable: true })).map(({ grad }) => grad!.contiguous().data());
    });
    expect(computeDistance(logitsOf(held), logitsOf(plain))).toBeLessThan(1e-5);
    expect(gradients[0]!.length).toBeGreaterThan(0);
    for (const [i, gradient] of gradients[0]!.entries())
      expect(computeDistance(gradient as Float32Array, gradients[1]![i] as Float32Array)).toBeLessThan(2e-5);
  });

  test.each([false, true])('trains (checkpointing %s), and the base keeps its bits', async (checkpointing) => {
    const model = newModel();
    quantizeWeights(model, { weights });
    addAdapter(model, { r: 4 });
    const base = Object.entries(model.stateDict()).filter(([name]) => /\.(weight|scale)$/.test(name));
    const bits = base.map(([, value]) => value.bits());
    const losses: number[] = [];
    const optimizer = { type: 'adamw', learningRate: 0.02 } as const;
    const runDirectory = join(root, `run-${weights}-${checkpointing}`);
    const settings = { steps: 24, batchSize: 8, checkpointEvery: 8, seed: 3, checkpointing, optimizer };
    const trainer = new Trainer({ model, data: windowData(), ...settings, runDirectory });
    for await (const { loss } of trainer.steps()) losses.push(loss);
    expect(losses.at(-1)!).toBeLessThan(0.9 * losses[0]!);
    expect(base.map(([, value]) => value.bits())).toEqual(bits);
    expect(base.every(([, { grad }]) => grad === undefined)).toBe(true);
  });

  test('an adapter is known by its base as it is held, and comes back', async () => {
    const model = newLlama();
    quantizeWeights(model, { weights });
    const hash = hashBase(model);
    addAdapter(model, { r: 4 });
    expect(hashBase(model)).toBe(hash);
    perturb(model);
    const folder = join(root, `adapter-${weights}`);
    await saveAdapter(folder, model);
    const other = newLlama();
    await expect(loadAdapter(folder, other)).rejects.toThrow(/base/);
    quantizeWeights(other, { weights });
    await loadAdapter(folder, other);
    expect(logitsOf(other)).toEqual(logitsOf(model));
  });

  test('adapters that are there already stay', () => {
    const model = newLlama();
    addAdapter(model, { r: 4 });
    perturb(model);
    const before = logitsOf(model);
    quantizeWeights(model, { weights });
    expect(computeDistance(logitsOf(model), before)).toBeLessThan(weights === 'int4' ? 0.3 : 0.06);
    expect(Object.keys(model.stateDict()).filter((name) => name.includes('.base.'))).toEqual([]);
  });

  test('saveModel stores it as it is, saveHuggingFace says what to do', async () => {
    const model = newLlama({ tied: true });
    quantizeWeights(model, { weights });
    const folder = join(root, `model-${weights}`);
    await saveModel(folder, model);
    const { model: again } = await loadModel(folder);
    expect(again.stateDict()).toHaveProperty(['embedding.weight', 'dtype'], weights === 'int4' ? 'int8' : weights);
    expect(Object.keys(again.stateDict())).toEqual(Object.keys(model.stateDict()));
    expect(logitsOf(again as typeof model)).toEqual(logitsOf(model));
    await expect(loadModel(folder, { weights: weights === 'int8' ? 'bfloat16' : 'int8' })).rejects.toThrow(
      /PAL_UNSUPPORTED/,
    );
    await expect(saveHuggingFace(join(root, `hf-${weights}`), model)).rejects.toThrow(/dequantizeWeights/);
    dequantizeWeights(model);
    await saveHuggingFace(join(root, `hf-${weights}`), model);
    const { model: held } = await loadModel(join(root, `hf-${weights}`), { weights });
    expect(computeDistance(logitsOf(held as typeof model), logitsOf(model))).toBeLessThan(1e-5);
  });

  test('a folder of ours is held so while it is read', async () => {
    const model = newLlama();
    const folder = join(root, `plain-${weights}`);
    await saveModel(folder, model);
    const { model: held } = await loadModel(folder, { weights });
    quantizeWeights(model, { weights });
    expect(logitsOf(held as typeof model)).toEqual(logitsOf(model));
    expect(held.parameters().every(({ requiresGrad }) => !requiresGrad)).toBe(true);
  });
});

describe('merging', () => {
  test('into int8 is refused until it is dequantised', () => {
    const model = newLlama();
    quantizeWeights(model, { weights: 'int8' });
    addAdapter(model, { r: 4 });
    perturb(model);
    const live = logitsOf(model);
    expect(() => mergeAdapters(model)).toThrow(/PAL_UNSUPPORTED.*dequantizeWeights/s);
    expect(logitsOf(model)).toEqual(live);
    dequantizeWeights(model);
    mergeAdapters(model);
    expect(computeDistance(logitsOf(model), live)).toBeLessThan(1e-5);
  });

  test('into bfloat16 rounds once, and is taken back bit by bit', () => {
    const model = newLlama();
    quantizeWeights(model, { weights: 'bfloat16' });
    const base = logitsOf(model);
    addAdapter(model, { r: 4 });
    perturb(model);
    const live = logitsOf(model);
    for (let i = 0; i < 10; ++i) {
      mergeAdapters(model);
      unmergeAdapters(model);
    }
    expect(withoutAdapters(model, () => logitsOf(model))).toEqual(base);
    mergeAndUnload(model);
    expect(computeDistance(logitsOf(model), live)).toBeLessThan(0.05);
    expect(model.blocks[0]!.attention.query.weight.dtype).toBe('bfloat16');
  });

  test('a module that is trained whole is float32 beside bfloat16, and no int8', () => {
    const model = newLlama();
    quantizeWeights(model, { weights: 'bfloat16' });
    addAdapter(model, { r: 4, modulesToSave: ['head'] });
    expect(model.head.weight.dtype).toBe('float32');
    expect(model.head.weight.requiresGrad).toBe(true);
    expect(logitsOf(model).every(Number.isFinite)).toBe(true);
    const other = newLlama();
    quantizeWeights(other, { weights: 'int8' });
    expect(() => addAdapter(other, { r: 4, modulesToSave: ['head'] })).toThrow(/PAL_UNSUPPORTED.*excludeModules/s);
  });
});
