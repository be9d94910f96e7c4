import { describe, expect, test } from '@jest/globals';
import { loadAddon } from '../../lib/native/index.js';
import { toPropertyName } from '../../lib/tensor/aten.js';
import { aten, palabra, scope, tensor } from '../../lib/tensor/index.js';

const names = loadAddon()
  .operatorNames()
  .filter((name) => /^(aten|palabra)::/.test(name));

describe('aten', () => {
  test('calls the overload named after the underscore', () => {
    scope(() => {
      const x = tensor([1, 2]);
      expect(aten.add_Tensor(x, x, { alpha: 2 }).tolist()).toEqual([3, 6]);
      expect(aten.relu(x).tolist()).toEqual([1, 2]);
      expect(aten.add__Tensor(x, x)).toBe(x);
      const [values] = aten.max_dim(x, 0);
      expect(values.item()).toBe(4);
    });
  });

  test('has a name of its own for every operator', () => {
    const properties = names.map((name) => `${name.split('::')[0]} ${toPropertyName(name)}`);
    expect(names.length).toBeGreaterThan(3000);
    expect(new Set(properties).size).toBe(names.length);
  });

  test('knows its names without binding them', () => {
    expect('add_Tensor' in aten).toBe(true);
    expect('add_Tenso' in aten).toBe(false);
    expect('rms_norm' in palabra).toBe(true);
  });

  test('suggests the name that was meant', () => {
    expect(() => (aten as unknown as Record<string, () => void>).add_Tenso?.()).toThrow(/Did you mean "add_Tensor"/);
  });

  test('is no promise and cannot be written to', () => {
    expect((aten as { then?: unknown }).then).toBeUndefined();
    expect(() => {
      (aten as unknown as { add_Tensor: unknown }).add_Tensor = 1;
    }).toThrow(TypeError);
  });
});

describe('palabra', () => {
  test('calls our operators', () => {
    scope(() => {
      const x = tensor([[3, 4]]);
      const [a, b] = palabra.rms_norm(x, { eps: 0 }).tolist() as [[number, number]] extends infer T
        ? T[keyof T & number][]
        : never;
      expect([a, b]).toHaveLength(2);
      expect(palabra.rms_norm(x, { eps: 0 }).square().mean().item()).toBeCloseTo(1, 6);
    });
  });
});
