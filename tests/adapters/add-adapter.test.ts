import { describe, expect, test } from '@jest/globals';
import { addAdapter, computeScaling, getAdapterParameters } from '../../lib/adapters/index.js';
import { LstmLanguageModel } from '../../lib/models/index.js';
import { Dropout, Linear, Module, parameter } from '../../lib/nn/index.js';
import { buildOptimizer } from '../../lib/optim/index.js';
import { noGrad, randint, scope, zeros } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { layouts, logitsOf, newIds, newLlama, perturb } from './models.js';

freedAfterEach();

describe('the scaling', () => {
  test('is α/r, or α/√r for rsLoRA, times a factor set afterwards', () => {
    expect(computeScaling({ r: 16, loraAlpha: 32, useRslora: false })).toBe(2);
    expect(computeScaling({ r: 16, loraAlpha: 32, useRslora: true })).toBe(8);
    expect(computeScaling({ r: 16, loraAlpha: 32, useRslora: false, factor: 0.5 })).toBe(1);
    expect(computeScaling({ r: 16, loraAlpha: 32, useRslora: true, factor: 0.5 })).toBe(4);
    expect(computeScaling({ r: 4, loraAlpha: 16, useRslora: false })).toBe(4);
  });
});

/** A linear map whose weight takes no memory. */
function newHollow(inFeatures: number, outFeatures: number): Linear {
  const weight = parameter(zeros([1, 1]).expand([outFeatures, inFeatures]), { kind: 'matrix' });
  return new Linear(inFeatures, outFeatures, { bias: false, weight });
}

/** The linear maps of TinyLlama-1.1B under the names of its folder. */
class TinyLlama extends Module {
  readonly model = {
    layers: Array.from({ length: 22 }, () => ({
      self_attn: {
        q_proj: newHollow(2048, 2048),
        k_proj: newHollow(2048, 256),
        v_proj: newHollow(2048, 256),
        o_proj: newHollow(2048, 2048),
      },
      mlp: { gate_proj: newHollow(2048, 5632), up_proj: newHollow(2048, 5632), down_proj: newHollow(5632, 2048) },
    })),
  };
}

describe('addAdapter', () => {
  test('trains r·Σ(in + out) numbers: 44,154,880 in TinyLlama at rank 56', () => {
    const targetModules = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];
    const { trainableParameters, modules } = addAdapter(new TinyLlama(), { r: 56, loraAlpha: 112, targetModules });
    expect(trainableParameters).toBe(44_154_880);
    expect(trainableParameters % 56).toBe(0);
    expect(modules).toHaveLength(7 * 22);
  });

  test('by default adapts every linear map but the head: rank 56, scaled by 2, dropout 0.025', () => {
    const model = newLlama();
    const { name, modules } = addAdapter(model);
    expect(name).toBe('default');
    const parts = ['attention.query', 'attention.key', 'attention.value', 'attention.output'];
    const all = [...parts, 'mlp.up', 'mlp.down', 'mlp.gate'];
    expect(modules).toEqual([0, 1].flatMap((layer) => all.map((part) => `blocks.${layer}.${part}`)));
    expect(String(model)).toContain('rank 56, scaled by 2');
  });

  test('changes nothing at first: A is U(±1/√in), B zero', () => {
    const model = newLlama();
    const before = logitsOf(model);
    addAdapter(model, { r: 4, targetModules: ['query', 'up'] });
    expect(logitsOf(model)).toEqual(before);
    for (const [path, tensor] of Object.entries(getAdapterParameters(model, 'default'))) {
      const largest = tensor.abs().max().item();
      if (path.endsWith('.B')) expect(largest).toBe(0);
      else expect(Math.abs(largest * Math.sqrt(24) - 0.97)).toBeLessThan(0.03);
    }
  });

  test('computes W₀x + s·B·A·x', () => {
    const model = newLlama();
    addAdapter(model, { r: 3, loraAlpha: 6, useRslora: true, targetModules: ['gate'], layersToTransform: 1 });
    perturb(model);
    const { A, B } = factorsOf(model, 'blocks.1.mlp.gate');
    const plain = newLlama();
    const { 'gate.weight': weight } = plain.blocks[1]!.mlp.stateDict();
    noGrad(() => scope(() => weight!.add_(B.mm(A).mul(6 / Math.sqrt(3)))));
    const [adapted, changed] = [logitsOf(model), logitsOf(plain)];
    expect(Math.max(...adapted.map((value, i) => Math.abs(value - changed[i]!)))).toBeLessThan(1e-5);
  });

  test('freezes the model: trained and stepped, the base keeps its bits and has no gradient', () => {
    const model = newLlama();
    addAdapter(model, { r: 4 });
    const frozen = Object.values(model.namedParameters({ trainable: false }));
    const bits = frozen.map((tensor) => tensor.bits());
    const optimizer = buildOptimizer({ type: 'adamw', learningRate: 0.01 }, model);
    expect(Object.keys(optimizer.stateDict()).every((name) => /\.[AB]\.\w+$/.test(name))).toBe(true);
    const targets = randint(0, 29, [2, 7]);
    const losses = Array.from({ length: 30 }, () =>
      scope(() => {
        model.zeroGrad();
        const { lossSum, count } = model.accumulateGradients(newIds(), targets);
        optimizer.step();
        return lossSum.div(count).item();
      }),
    );
    expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);
    expect(frozen.every(({ grad }) => grad === undefined)).toBe(true);
    expect(frozen.map((tensor) => tensor.bits())).toEqual(bits);
    optimizer.dispose();
  });

  test('gradients are those without checkpointing, and one step moves every B', () => {
    const targets = randint(0, 29, [2, 7]);
    const gradients = [false, true].map((checkpointing) => {
      const model = newLlama();
      addAdapter(model, { r: 4, loraDropout: 0 });
      model.accumulateGradients(newIds(), targets, { training: true }, { checkpointing });
      return Object.entries(getAdapterParameters(model, 'default')).map(([path, { grad }]) => [path, grad] as const);
    });
    const plain = gradients[0]!;
    const checkpointed = gradients[1]!;
    for (const [i, [path, gradient]] of plain.entries()) {
      const other = checkpointed[i]![1];
      expect([path, gradient !== undefined, other !== undefined]).toEqual([path, true, true]);
      expect(gradient!.sub(other!).abs().max().item()).toBeLessThanOrEqual(1e-6 * gradient!.abs().max().item());
      if (path.endsWith('.B')) expect(gradient!.abs().max().item()).toBeGreaterThan(0);
    }
  });

  test('dropout acts on the adapter alone, where the pass says so, whatever the mode of the modules', () => {
    const model = newLlama().eval();
    addAdapter(model, { r: 4, loraDropout: 0.5 });
    perturb(model);
    const pass = (training: boolean) => scope(() => model.forward(newIds(), { training }).data()) as Float32Array;
    expect(pass(false)).toEqual(pass(false));
    expect(pass(true)).not.toEqual(pass(false));
    model.train();
    expect(pass(false)).toEqual(pass(false));
    const loss = (checkpointing: boolean) =>
      scope(() => {
        newIds();
        model.zeroGrad();
        const targets = newIds();
        model.accumulateGradients(newIds(), targets, { training: true }, { checkpointing });
        return Object.values(getAdapterParameters(model, 'default')).map(({ grad }) => grad!.abs().sum().item());
      });
    const [plain, checkpointed] = [loss(false), loss(true)];
    plain.forEach((value, i) => expect(Math.abs(value - checkpointed[i]!)).toBeLessThanOrEqual(1e-4 * value));
  });

  test('takes the names of foreign folders, ranks and α by name', () => {
    const model = newLlama();
    const { modules, trainableParameters } = addAdapter(
      model,
      {
        ...{ r: 4, loraAlpha: 8, targetModules: ['q_proj', 'mlp.down_proj'] },
        ...{ rankPattern: { 'layers.1.self_attn.q_proj': 16 }, alphaPattern: { down: 3 } },
      },
      { layouts },
    );
    const paths = [0, 1].flatMap((i) => [`blocks.${i}.attention.query`, `blocks.${i}.mlp.down`]);
    expect(modules).toEqual(paths);
    const settings = paths.map((path) => {
      const { r, scaling } = factorsOf(model, path);
      return [r, scaling];
    });
    expect(settings).toEqual([[4, 2], [4, 0.75], [16, 0.5], [4, 0.75]]); // prettier-ignore
    expect(trainableParameters).toBe((4 + 16) * 48 + 2 * 4 * (24 + 64));
  });

  test('leaves out modules and layers', () => {
    const { modules } = addAdapter(newLlama(), { excludeModules: ['attention.value', 'up'], layersToTransform: [1] });
    expect(modules.map((path) => path.split('.').slice(1).join('.'))).toEqual(
      ['attention.query', 'attention.key', 'attention.output', 'mlp.down', 'mlp.gate'].map((part) => `1.${part}`),
    );
  });

  test('adapts an LSTM too, whose head is tied and padded', () => {
    const model = new LstmLanguageModel({
      vocabSize: 13,
      width: 8,
      embeddingDim: 8,
      layers: 1,
      tied: true,
      dropout: 0,
    });
    expect(addAdapter(model, { r: 2 }).modules).toEqual(['projection']);
    const head = addAdapter(model, { r: 2, loraDropout: 0, targetModules: ['head'] }, { name: 'head' });
    expect(head.trainableParameters).toBe(2 * (8 + 13));
    perturb(model, 'head');
    const [ids, targets] = [newIds(5, 13), newIds(5, 13)];
    const { lossSum } = model.loss(ids, targets);
    const logits = model.forward(ids).logSoftmax(-1).gather(-1, targets.unsqueeze(-1)).sum();
    expect(lossSum.add(logits).abs().item()).toBeLessThan(1e-4);
  });
});

describe('addAdapter refuses', () => {
  const cases: [string, Parameters<typeof addAdapter>[1], RegExp][] = [
    ['a target that is not there', { targetModules: ['querry'] }, /"querry" without a match\. Did you mean "query"/],
    ['a target that is no linear map', { targetModules: ['dropout'] }, /"dropout" without a match.*query.*mlp|gate/],
    ['a target among others', { targetModules: ['query', 'keys'] }, /"keys"/],
    ['a layer that is not there', { layersToTransform: [0, 7] }, /layer 7 without a match\. Known: 0, 1/],
    ['a head in a layer', { targetModules: ['head'], layersToTransform: 0 }, /head, which is in no layer/],
    ['a module to leave out that is not there', { excludeModules: ['nothing'] }, /excludeModules/],
    ['a pattern of no module', { targetModules: ['query'], rankPattern: { up: 4 } }, /rankPattern and alphaPattern/],
    ['targets that are all left out', { targetModules: ['up'], excludeModules: ['up'] }, /no module without a match/],
    ['rank 0', { r: 0 }, /r: expected a number of at least 1, received 0/],
    ['α 0', { loraAlpha: 0 }, /loraAlpha/],
    ['dropout 1', { loraDropout: 1 }, /loraDropout/],
    ['a misspelt setting', { loraAlfa: 3 } as object, /Did you mean "loraAlpha"/],
  ];
  test.each(cases)('%s', (_name, options, message) => {
    const model = newLlama();
    const before = Object.keys(model.stateDict());
    expect(() => addAdapter(model, options)).toThrow(message);
    expect(Object.keys(model.stateDict())).toEqual(before);
    expect(Object.values(model.namedParameters({ trainable: false }))).toEqual([]);
  });

  test('a name that is taken or no name', () => {
    const model = newLlama();
    addAdapter(model);
    expect(() => addAdapter(model)).toThrow('expected a name that no adapter has, received "default"');
    for (const name of ['', 'a.b', '__proto__', '../x', 'a/b'])
      expect(() => addAdapter(model, {}, { name })).toThrow('name to be of letters');
  });

  test('to take a module for another whose name begins alike', () => {
    class Pair extends Module {
      readonly proj = new Linear(3, 3);
      readonly proj_drop = new Dropout(0.5);
      readonly proj_out = new Linear(3, 2);
      forward(x: Tensor): Tensor {
        return this.proj_out.forward(this.proj_drop.forward(this.proj.forward(x)));
      }
    }
    expect(addAdapter(new Pair(), { r: 1, targetModules: ['proj'] }).modules).toEqual(['proj']);
  });
});

interface Factors {
  A: Tensor;
  B: Tensor;
  r: number;
  scaling: number;
}

/** The factors of an adapter at a path. */
function factorsOf(model: Module, path: string, name = 'default'): Factors {
  const found = [...model.namedModules()].find(([at]) => at === `${path}.lora.factors.${name}`);
  return found![1] as unknown as Factors;
}
