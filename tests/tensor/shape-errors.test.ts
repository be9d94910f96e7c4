import { describe, expect, test } from '@jest/globals';
import { ShapeError } from '../../lib/core/index.js';
import { addmm, cat, scope, zeros } from '../../lib/tensor/index.js';

/** Calls whose shapes don't fit, and the shapes that the error names. */
const calls: [name: string, call: () => unknown, shapes: string[]][] = [
  ['matmul', () => zeros([2, 3]).matmul(zeros([4, 5])), ['[2, 3]', '[4, 5]']],
  ['add', () => zeros([2, 3]).add(zeros([4])), ['[2, 3]', '[4]']],
  ['mul_', () => zeros([2, 3]).mul_(zeros([4, 3])), ['[2, 3]', '[4, 3]']],
  ['addmm', () => addmm(zeros([2]), zeros([2, 3]), zeros([4, 2])), ['[2]', '[2, 3]', '[4, 2]']],
  ['cat', () => cat([zeros([2, 3]), zeros([4, 5])], 0), ['[2, 3]', '[4, 5]']],
  ['reshape', () => zeros([2, 3]).reshape([7]), ['[2, 3]']],
  ['expand', () => zeros([2, 3]).expand([5, 3]), ['[2, 3]']],
];

describe('an operator that refuses shapes', () => {
  test.each(calls)('%s says so, and tells the shapes of all its tensors', (_, call, shapes) => {
    scope(() => {
      expect(call).toThrow(ShapeError);
      expect(call).toThrow(/\[PAL_SHAPE\] aten::\w+(\.\w+)?: expected shapes that fit, received \[/);
      for (const shape of shapes) expect(call).toThrow(shape);
    });
  });

  test('leaves the next call alone', () => {
    scope(() => {
      expect(() => zeros([2, 3]).matmul(zeros([4, 5]))).toThrow(ShapeError);
      expect(zeros([2, 3]).matmul(zeros([3, 5])).shape).toEqual([2, 5]);
    });
  });
});
