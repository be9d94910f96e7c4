import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadAddon } from '../../lib/native/index.js';
import { Generator, getOperator, scope, tensor, zeros } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';

const code = (name: string): unknown => expect.objectContaining({ code: name });

describe('operator', () => {
  test('calls by position and by keyword', () => {
    scope(() => {
      const add = getOperator('aten::add.Tensor');
      const x = tensor([1, 2]);
      expect((add(x, x, { alpha: 3 }) as Tensor).tolist()).toEqual([4, 8]);
      expect((add(x, x, 3) as Tensor).tolist()).toEqual([4, 8]);
      expect((add({ self: x, other: x }) as Tensor).tolist()).toEqual([2, 4]);
    });
  });

  test('is bound once', () => {
    expect(getOperator('aten::add.Tensor')).toBe(getOperator('aten::add.Tensor'));
  });

  test('returns an argument that it changes as the same object', () => {
    scope(() => {
      const x = tensor([1, 2]);
      expect(getOperator('aten::add_.Tensor')(x, x)).toBe(x);
      const out = zeros([2]);
      expect(getOperator('aten::add.out')(x, x, { out })).toBe(out);
      expect(out.tolist()).toEqual([4, 8]);
    });
  });

  test('wraps lists and tuples of tensors, and passes plain results on', () => {
    scope(() => {
      const x = tensor([3, 1, 2]);
      const parts = getOperator('aten::split.Tensor')(x, 2) as Tensor[];
      expect(parts.map((part) => part.tolist())).toEqual([[3, 1], [2]]);
      const [values, indices] = getOperator('aten::sort')(x) as [Tensor, Tensor];
      expect([values.tolist(), indices.tolist()]).toEqual([
        [1, 2, 3],
        [1, 2, 0],
      ]);
      expect(getOperator('aten::equal')(x, x)).toBe(true);
      expect(getOperator('aten::_foreach_add_.Scalar')([x], 1)).toBeUndefined();
      expect(x.tolist()).toEqual([4, 2, 3]);
    });
  });

  test('takes every kind of argument', () => {
    scope(() => {
      const x = tensor([1, 2, 3, 4], { shape: [2, 2] });
      const generator = new Generator(1);
      expect((getOperator('aten::rand.generator')([2], { generator, dtype: 'float64' }) as Tensor).dtype).toBe(
        'float64',
      );
      expect(
        (getOperator('aten::empty.memory_format')([2], { device: 'cpu', layout: 'strided' }) as Tensor).shape,
      ).toEqual([2]);
      expect((getOperator('aten::index.Tensor')(x, [undefined, tensor([1n])]) as Tensor).tolist()).toEqual([[2], [4]]);
      expect((getOperator('aten::einsum')('ij->i', [x]) as Tensor).tolist()).toEqual([3, 7]);
      expect((getOperator('aten::sum.dim_IntList')(x, 1, true) as Tensor).tolist()).toEqual([[3], [7]]);
      generator.dispose();
    });
  });

  test('refuses wrong kinds, counts and names', () => {
    scope(() => {
      const add = getOperator('aten::add.Tensor');
      const x = zeros([1]);
      expect(() => add(x, 3)).toThrow(/expected other of kind Tensor, received 3/);
      expect(() => add(x)).toThrow(/expected other of kind Tensor, received nothing/);
      expect(() => add(x, x, 1, 2)).toThrow(/expected at most 3 arguments, received 4/);
      expect(() => add(x, x, { alpa: 2 })).toThrow(/received alpa\. Did you mean "alpha"\?/);
      expect(() => add(x, x, { self: x })).toThrow(/expected self once/);
      expect(() => getOperator('aten::sum.dim_IntList')(x, 0.5)).toThrow(code('PAL_ARGUMENT'));
      expect(() => getOperator('aten::to.dtype')(x, 'float')).toThrow(/float32/);
      expect(() => getOperator('aten::addd')).toThrow(code('PAL_OPERATOR'));
      expect(() => getOperator('aten::stack')(x)).toThrow(code('PAL_ARGUMENT'));
      expect(() => getOperator('aten::mul.Tensor')({ slot: 1 }, x)).toThrow(code('PAL_ARGUMENT'));
    });
  });
});

describe('arguments that libtorch never returns from', () => {
  test.each(['aten::random.from', 'aten::random_.from'])('%s from the largest whole number', (name) => {
    scope(() => {
      expect(() => getOperator(name)(zeros([2]), 2n ** 63n - 1n, undefined)).toThrow(code('PAL_ARGUMENT'));
      const [drawn = 0] = (getOperator(name)(zeros([1]), 1n << 20n, undefined) as Tensor).tolist() as number[];
      expect(drawn).toBeGreaterThanOrEqual(2 ** 20);
    });
  });
});

describe('bound operators', () => {
  const folder = `${process.cwd()}/lib/tensor`;
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('generated.ts') && !path.startsWith('operator'))
    .map((path) => readFileSync(`${folder}/${path}`, 'utf8'));
  const names = new Set(
    sources.flatMap((source) => [...source.matchAll(/'((?:aten|palabra)::[\w.]+)'/g)].map(([, name]) => String(name))),
  );

  test('of the whole folder are found', () => {
    expect(names.size).toBeGreaterThan(200);
  });

  test.each([...names])('%s exists', (name) => {
    expect(loadAddon().operator(name).name).toBe(name);
  });
});
