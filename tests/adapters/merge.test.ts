import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  addAdapter,
  getAdapterParameters,
  mergeAdapters,
  mergeAndUnload,
  setAdapter,
  unmergeAdapters,
  withoutAdapters,
} from '../../lib/adapters/index.js';
import type { LoraOptions } from '../../lib/adapters/index.js';
import { loadModel, saveHuggingFace, saveModel } from '../../lib/models/index.js';
import type { Gpt } from '../../lib/models/index.js';
import { Linear, Module, parameter } from '../../lib/nn/index.js';
import type { SwigluMlp } from '../../lib/nn/index.js';
import { noGrad, scope, tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { computeDistance, logitsOf, newLlama, perturb } from './models.js';

freedAfterEach();

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'palabra-merge-'));
});
afterAll(() => rm(root, { recursive: true }));

const kinds: [string, LoraOptions][] = [
  ['plain', { r: 4 }],
  ['rsLoRA', { r: 4, useRslora: true }],
  ['DoRA', { r: 4, useDora: true }],
  ['a table', { r: 4, targetModules: ['embedding', 'query'] }],
  ['biases and a module trained whole', { r: 4, targetModules: ['key'], bias: 'all', modulesToSave: ['head'] }],
];

/** The bits of the model's own tensors, by name. */
function bitsOf(model: Gpt): Record<string, unknown> {
  const names = Object.entries(model.stateDict()).filter(([name]) => !/\.lora\.|^adapterRegistry\./.test(name));
  return Object.fromEntries(names.map(([name, value]) => [name, value.bits()]));
}

describe('merging', () => {
  test.each(kinds)('%s: the logits of the pass beside it to 1e-5; taken back, the bits of before', (_name, options) => {
    const model = newLlama({ bias: true });
    addAdapter(model, options);
    perturb(model);
    const [bits, live] = [bitsOf(model), logitsOf(model)];
    const base = withoutAdapters(model, () => logitsOf(model));
    expect(computeDistance(live, base)).toBeGreaterThan(0.01);
    const paths = mergeAdapters(model);
    expect(paths.length).toBeGreaterThan(0);
    expect(computeDistance(logitsOf(model), live)).toBeLessThan(1e-5);
    expect(mergeAdapters(model)).toEqual([]);
    expect(withoutAdapters(model, () => logitsOf(model))).toEqual(base);
    expect(computeDistance(logitsOf(model), live)).toBeLessThan(1e-5);
    unmergeAdapters(model);
    expect(bitsOf(model)).toEqual(bits);
    expect(logitsOf(model)).toEqual(live);
  });

  test('ten times in bfloat16 and back: the weights keep their bits, and are rounded once', () => {
    const model = newLlama().to({ dtype: 'bfloat16' });
    addAdapter(model, { r: 4, targetModules: ['up'] });
    perturb(model);
    const bits = bitsOf(model);
    for (let i = 0; i < 10; i++) {
      mergeAdapters(model);
      unmergeAdapters(model);
    }
    expect(bitsOf(model)).toEqual(bits);
    const { A, B } = partsOf(model, 'blocks.0.mlp.up');
    const before = (model.blocks[0]!.mlp as SwigluMlp).up.weight;
    const expected = noGrad(() => before.to('float32').add(B!.mm(A!).mul(2)).to('bfloat16').bits()); // prettier-ignore
    mergeAdapters(model);
    expect((model.blocks[0]!.mlp as SwigluMlp).up.weight.bits()).toEqual(expected);
  });

  test('DoRA scales rows to their magnitudes', () => {
    class Map extends Module {
      readonly map = new Linear(2, 2, {
        bias: false,
        weight: parameter(tensor([[3, 4], [0, 2]]), { kind: 'matrix' }), // prettier-ignore
      });
    }
    const model = new Map();
    addAdapter(model, { r: 1, useDora: true, loraDropout: 0 });
    const { magnitude } = partsOf(model, 'map');
    expect(magnitude!.tolist()).toEqual([5, 2]);
    noGrad(() => magnitude!.copy_(tensor([10, 2])));
    expect(noGrad(() => model.map.forward(tensor([[1, 0], [0, 1]]))).t().tolist()).toEqual([[6, 8], [0, 2]]); // prettier-ignore
    mergeAdapters(model);
    expect(model.map.weight.tolist()).toEqual([[6, 8], [0, 2]]); // prettier-ignore
    unmergeAdapters(model);
    expect(model.map.weight.tolist()).toEqual([[3, 4], [0, 2]]); // prettier-ignore
  });

  test('two DoRA adapters at once: norms are those of the pristine weights', () => {
    const model = newLlama();
    for (const name of ['one', 'two']) {
      addAdapter(model, { r: 4, useDora: true, targetModules: ['up', 'down', 'query'] }, { name });
      perturb(model, name);
    }
    for (const order of [
      ['one', 'two'],
      ['two', 'one'],
      ['two', 'one'],
    ]) {
      setAdapter(model, order);
      const live = logitsOf(model);
      mergeAdapters(model);
      expect(computeDistance(logitsOf(model), live)).toBeLessThan(3e-6);
      unmergeAdapters(model);
    }
  });

  test('unties a head: the table keeps its bits, and the folder says so', async () => {
    const model = newLlama({ tied: true });
    addAdapter(model, { r: 4, targetModules: ['head'] });
    perturb(model);
    const [table, live] = [model.embedding.weight.bits(), logitsOf(model)];
    mergeAdapters(model);
    expect(model.config.tied).toBe(false);
    expect(model.embedding.weight.bits()).toEqual(table);
    unmergeAdapters(model);
    expect(model.config.tied).toBe(true);
    expect(model.head.weight).toBe(model.embedding.weight);
    expect(mergeAndUnload(model)).toEqual(['head']);
    expect(computeDistance(logitsOf(model), live)).toBeLessThan(1e-5);
    for (const save of [saveModel, saveHuggingFace]) {
      const folder = join(root, save.name);
      await save(folder, model);
      const again = (await loadModel(folder)).model as Gpt;
      expect(again.config.tied).toBe(false);
      expect(logitsOf(again)).toEqual(logitsOf(model));
      expect(again.embedding.weight.bits()).toEqual(table);
    }
  });

  test('of an adapter on both a table and its tied head unties them too', () => {
    const model = newLlama({ tied: true });
    addAdapter(model, { r: 4, targetModules: ['head', 'embedding'] });
    perturb(model);
    const live = logitsOf(model);
    mergeAndUnload(model);
    expect(model.config.tied).toBe(false);
    expect(computeDistance(logitsOf(model), live)).toBeLessThan(1e-5);
  });

  test('and taking the adapters off leaves the names of a plain model', () => {
    const [model, plain] = [newLlama({ bias: true }), newLlama({ bias: true })];
    addAdapter(model, { r: 4, bias: 'all', modulesToSave: ['head'] });
    perturb(model);
    const live = logitsOf(model);
    mergeAndUnload(model);
    expect(Object.keys(model.stateDict())).toEqual(Object.keys(plain.stateDict()));
    expect(computeDistance(logitsOf(model), live)).toBeLessThan(1e-5);
    expect(Object.keys(model.namedParameters({ trainable: true }))).toEqual([]);
    expect(Object.hasOwn(model, 'forward')).toBe(false);
  });

  test('of numbers that are none changes nothing', () => {
    const model = newLlama();
    addAdapter(model, { r: 4 });
    const bits = bitsOf(model);
    const { B } = partsOf(model, 'blocks.1.mlp.down');
    noGrad(() => B!.fill_(NaN));
    expect(() => mergeAdapters(model)).toThrow(/PAL_NON_FINITE.*blocks\.1\.mlp\.down\.weight/);
    expect(bitsOf(model)).toEqual(bits);
  });

  test('keeps others from changing what acts meanwhile', () => {
    const model = newLlama();
    addAdapter(model, { r: 4 });
    mergeAdapters(model);
    const calls = [() => setAdapter(model, []), () => addAdapter(model, {}, { name: 'other' })];
    for (const call of calls) expect(call).toThrow('Call unmergeAdapters first');
  });
});

/** The tensors of an adapter at a path. */
function partsOf(model: Module, path: string): Partial<Record<'A' | 'B' | 'magnitude', ReturnType<typeof tensor>>> {
  return scope(() => {
    const own = Object.entries(getAdapterParameters(model, 'default')).filter(([name]) =>
      name.startsWith(`${path}.lora`),
    );
    return Object.fromEntries(own.map(([name, value]) => [name.slice(name.lastIndexOf('.') + 1), value]));
  });
}
