import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { arange, full, memory, program, scope, tensor, zeros } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';

const text = (make: () => Tensor): string => scope(() => String(make()));

describe('toString', () => {
  test('shows values, shape and dtype', () => {
    const made = text(() =>
      tensor([
        [1, -2.5],
        [3, 4],
      ]),
    );
    expect(made).toBe('tensor([[ 1.0000, -2.5000],\n        [ 3.0000,  4.0000]], shape [2, 2], float32)');
  });

  test.each<[string, () => Tensor, string]>([
    ['whole floats', () => tensor([1, -2]), 'tensor([ 1., -2.], shape [2], float32)'],
    ['integers', () => arange(3), 'tensor([0, 1, 2], shape [3], int64)'],
    ['booleans', () => tensor([true, false]), 'tensor([ true, false], shape [2], bool)'],
    ['a scalar', () => tensor(0.5), 'tensor(0.5000, shape [], float32)'],
    ['nothing', () => zeros([0, 2]), 'tensor([], shape [0, 2], float32)'],
    ['NaN and infinities', () => tensor([NaN, -Infinity, 1.5]), 'tensor([   nan,   -inf, 1.5000], shape [3], float32)'],
    ['a wide range', () => tensor([1e-6, 1]), 'tensor([1.0000e-6, 1.0000e+0], shape [2], float32)'],
    ['a leaf', () => tensor([1], { requiresGrad: true }), 'tensor([1.], shape [1], float32, requiresGrad)'],
    [
      'a result',
      () => tensor([1], { requiresGrad: true }).mul(2),
      'tensor([2.], shape [1], float32, gradFunction MulBackward1)',
    ],
    ['bfloat16', () => tensor([1.5], { dtype: 'bfloat16' }), 'tensor([1.5000], shape [1], bfloat16)'],
  ])('%s', (_, make, expected) => {
    expect(text(make)).toBe(expected);
  });

  test('separates matrices of a batch by a blank line', () => {
    expect(text(() => arange(4).reshape([2, 1, 2]))).toBe(
      'tensor([[[0, 1]],\n\n        [[2, 3]]], shape [2, 1, 2], int64)',
    );
  });

  test('leaves out the middle of a big tensor', () => {
    expect(text(() => arange(2000))).toBe('tensor([   0,    1,    2, ..., 1997, 1998, 1999], shape [2000], int64)');
    const rows = text(() => full([50, 50], 1)).split('\n');
    expect(rows).toHaveLength(7);
    expect(rows[3]?.trim()).toBe('...,');
  });

  test('breaks long rows', () => {
    const lines = text(() => arange(100)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110);
    expect(lines.length).toBeGreaterThan(3);
  });

  test('is what util.inspect shows', () => {
    scope(() => expect(inspect({ x: tensor([1]) })).toBe('{ x: tensor([1.], shape [1], float32) }'));
  });

  test('works where values cannot be read', async () => {
    const gone = zeros([1]);
    gone.dispose();
    expect(String(gone)).toBe('tensor(disposed)');
    let shown = '';
    const made = program((x: Tensor) => {
      shown = String(x);
      return x;
    });
    const input = zeros([2]);
    (await made.run(input)).dispose();
    expect(shown).toBe('tensor(being recorded, shape [2], float32)');
    input.dispose();
    made.dispose();
  });

  test('leaves nothing behind', () => {
    scope(() => {
      const x = zeros([40, 40]);
      const before = memory.stats().liveSlots;
      String(x);
      expect(memory.stats().liveSlots).toBe(before);
    });
  });
});
