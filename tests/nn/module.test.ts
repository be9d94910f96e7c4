import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { Dropout, Linear, Module, buffer, parameter } from '../../lib/nn/index.js';
import { full, ones, tensor, zeros } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

class Block extends Module {
  readonly up = new Linear(2, 3);
  readonly down = new Linear(3, 2, { bias: false });
}

class Model extends Module {
  scale: Tensor = parameter(ones([2]), { kind: 'vector' });
  seen: Tensor = buffer(zeros([1], { dtype: 'int64' }));
  table: Tensor = buffer(full([4], 7), { persistent: false });
  readonly blocks = [new Block(), new Block()];
  readonly dropout = new Dropout(0.5);
  readonly head = new Linear(2, 3, { weight: this.blocks[0]!.up.weight });

  override extraRepr(): string {
    return 'two blocks';
  }
}

describe('Module', () => {
  test('finds parameters by path, parents first, shared ones once', () => {
    expect(Object.keys(new Model().namedParameters())).toEqual([
      'scale',
      'blocks.0.up.weight',
      'blocks.0.up.bias',
      'blocks.0.down.weight',
      'blocks.1.up.weight',
      'blocks.1.up.bias',
      'blocks.1.down.weight',
      'head.bias',
    ]);
  });

  test('keeps buffers apart and stores all but what it can compute', () => {
    const model = new Model();
    expect(Object.keys(model.namedBuffers())).toEqual(['seen']);
    expect(Object.keys(model.stateDict())).toContain('seen');
    expect(Object.keys(model.stateDict())).not.toContain('table');
  });

  test('counts the values of parameters', () => {
    expect(new Model().parameterCount()).toBe(2 + 2 * (6 + 3 + 6) + 3);
  });

  test('switches training mode for all modules below', () => {
    const model = new Model();
    expect(model.eval().dropout.training).toBe(false);
    expect(model.train().dropout.training).toBe(true);
  });

  test('prints its tree with parameter counts', () => {
    const printed = [
      'Model(two blocks) · 35 parameters',
      '├─ blocks.0: Block · 15 parameters',
      '│  ├─ up: Linear(2 → 3) · 9 parameters',
      '│  └─ down: Linear(3 → 2) · 6 parameters',
      '├─ blocks.1: Block · 15 parameters',
      '│  ├─ up: Linear(2 → 3) · 9 parameters',
      '│  └─ down: Linear(3 → 2) · 6 parameters',
      '├─ dropout: Dropout(0.5)',
      '└─ head: Linear(2 → 3) · 9 parameters',
    ].join('\n');
    expect(String(new Model())).toBe(printed);
    expect(inspect(new Model())).toBe(printed);
  });

  test('moves floating tensors to a dtype and keeps sharing, roles and gradient mode', () => {
    const model = new Model().to({ dtype: 'float64' });
    expect(model.scale.dtype).toBe('float64');
    expect(model.seen.dtype).toBe('int64');
    expect(model.table.dtype).toBe('float64');
    expect(model.head.weight).toBe(model.blocks[0]!.up.weight);
    expect(model.head.weight.requiresGrad).toBe(true);
    expect(Object.keys(model.namedParameters())).toHaveLength(8);
  });

  test('keeps frozen tensors among its parameters', () => {
    const model = new Model();
    model.scale.requiresGrad_(false);
    expect(Object.keys(model.namedParameters())).toContain('scale');
  });

  test('copies a state into another model of the same form', () => {
    const [from, to] = [new Model(), new Model()];
    to.loadStateDict(from.stateDict());
    for (const [name, value] of Object.entries(to.stateDict())) {
      expect(value.tolist()).toEqual(from.stateDict()[name]!.tolist());
    }
  });

  test('reports all problems of a state at once and copies nothing', () => {
    const model = new Model();
    const { scale: _, ...rest } = model.stateDict();
    const state = { ...rest, 'head.bias': zeros([9]), stranger: zeros([1]) };
    const load = () => {
      model.loadStateDict(state);
    };
    expect(load).toThrow(/^\[PAL_CHECKPOINT\] Model\.loadStateDict: /);
    expect(load).toThrow(/scale is missing/);
    expect(load).toThrow(/stranger is not part of the model/);
    expect(load).toThrow(/head\.bias has shape \[9\], the model's is \[3\]/);
    expect(model.head.bias!.tolist()).toEqual([0, 0, 0]);
  });

  test('frees all it holds', () => {
    const model = new Model();
    {
      using same = model;
      expect(same.scale.isDisposed).toBe(false);
    }
    expect(model.scale.isDisposed && model.table.isDisposed && model.head.bias!.isDisposed).toBe(true);
  });

  test('clears gradients', () => {
    const layer = new Linear(2, 1);
    layer
      .forward(tensor([[1, 2]]))
      .sum()
      .backward();
    expect(layer.weight.grad!.tolist()).toEqual([[1, 2]]);
    layer.zeroGrad();
    expect(layer.weight.grad).toBeUndefined();
  });
});

class Nested extends Module {
  readonly heads = { causal: new Linear(2, 2), pair: [new Linear(2, 1), new Linear(2, 1, { bias: false })] };
  readonly grid = [[parameter(ones([1]), { kind: 'scalar' })], [parameter(zeros([1]), { kind: 'scalar' })]];
}

describe('Module walks records and nested arrays', () => {
  test('and names what it finds by its path', () => {
    expect(Object.keys(new Nested().namedParameters())).toEqual([
      'grid.0.0',
      'grid.1.0',
      'heads.causal.weight',
      'heads.causal.bias',
      'heads.pair.0.weight',
      'heads.pair.0.bias',
      'heads.pair.1.weight',
    ]);
  });

  test('moves all of it', () => {
    const model = new Nested().to({ dtype: 'float64' });
    expect(new Set(model.parameters().map(({ dtype }) => dtype))).toEqual(new Set(['float64']));
    expect([model.dtype, model.device]).toEqual(['float64', 'cpu']);
  });

  test.each([
    ['a Map', () => new Map([['a', new Linear(2, 2)]]), /expected tensors and modules in properties.*Map, hidden/],
    ['a Set', () => new Set([zeros([1])]), /Set, hidden/],
    ['a tensor without a role', () => zeros([1]), /expected a role of the tensor in hidden.*buffer\(\)/],
    ['one in a record', () => ({ deep: [zeros([1])] }), /the tensor in hidden\.deep\.0/],
  ])('refuses %s, which would be in no checkpoint or in one by mistake', (_name, make, message) => {
    const model = Object.assign(new Block(), { hidden: make() });
    expect(() => model.stateDict()).toThrow(message);
    expect(() => model.parameters()).toThrow(/PAL_ARGUMENT/);
  });

  test('plain data and collections of it are no matter', () => {
    const model = Object.assign(new Block(), { names: new Map([['a', 1]]), config: { sizes: [1, { two: null }] } });
    expect(model.parameters()).toHaveLength(3);
  });
});

describe('freeze', () => {
  test('takes parameters out of training and back', () => {
    const block = new Block();
    block.up.freeze();
    expect(Object.keys(block.namedParameters({ trainable: true }))).toEqual(['down.weight']);
    expect(Object.keys(block.namedParameters({ trainable: false }))).toEqual(['up.weight', 'up.bias']);
    expect(Object.keys(block.namedParameters())).toHaveLength(3);
    expect(Object.keys(block.unfreeze().namedParameters({ trainable: true }))).toHaveLength(3);
  });
});

describe('replace', () => {
  test('puts a module in the place of another and returns the old one', () => {
    const model = new Model().eval();
    const [old, wide] = [model.blocks[1]!.down, new Linear(3, 2)];
    expect(model.replace('blocks.1.down', wide)).toBe(old);
    expect(model.blocks[1]!.down).toBe(wide);
    expect(wide.training).toBe(false);
    expect(Object.keys(model.namedParameters())).toContain('blocks.1.down.bias');
    old.dispose();
  });

  test.each(['blocks.1.dwon', 'scale', '', 'blocks.2.up', '__proto__.up'])('refuses the path %j', (path) => {
    expect(() => new Model().replace(path, new Linear(2, 2))).toThrow(
      /\[PAL_ARGUMENT\] Model\.replace: expected the path of a module/,
    );
  });
});
