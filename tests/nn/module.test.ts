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
  scale: Tensor = parameter(ones([2]));
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
