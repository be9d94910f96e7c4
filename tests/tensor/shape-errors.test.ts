import { describe, expect, test } from '@jest/globals';
import { ShapeError } from '../../lib/core/index.js';
import { addmm, aten, cat, randn, scope, zeros } from '../../lib/tensor/index.js';

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

/** Windows of convolutions, and whether they are those that the weight holds numbers for. */
const windows: [name: string, call: () => unknown, fits: boolean][] = [
  ['2d, a remainder', () => convolve2d([4, 2, 3, 3], [2, 2]), false],
  ['2d, too small', () => convolve2d([4, 4, 3, 3], [3, 1]), false],
  ['2d', () => convolve2d([4, 4, 3, 2], [3, 2]), true],
  ['2d, a flat weight', () => convolve2d([4, 36], [3, 3]), true],
  ['2d through its other name', () => aten.thnn_conv2d(randn([2, 4, 6, 6]), randn([4, 2, 3, 3]), [2, 2]), false],
  ['3d, too small', () => aten.slow_conv3d(randn([2, 4, 6, 6, 6]), randn([4, 4, 3, 3, 3]), [1, 1, 2]), false],
  ['3d', () => aten.slow_conv3d(randn([2, 4, 6, 6, 6]), randn([4, 4, 3, 2, 1]), [3, 2, 1]), true],
  ['transposed, too small', () => convolveTransposed([1, 1]), false],
  ['transposed, too large', () => convolveTransposed([3, 5]), false],
  ['transposed', () => convolveTransposed([3, 2]), true],
];

function convolve2d(weight: number[], window: number[]) {
  return aten._slow_conv2d_forward(randn([2, 4, 6, 6]), randn(weight), window, undefined, [1, 1], [0, 0]);
}

function convolveTransposed(window: number[]) {
  return aten.slow_conv_transpose2d(randn([2, 4, 4, 4]), randn([4, 2, 3, 2]), window);
}

test.each(windows)('a window that the weight has no numbers for is refused: %s', (_, call, fits) => {
  scope(() => {
    if (fits) expect(call).not.toThrow();
    else expect(call).toThrow(/\[PAL_SHAPE\] aten::\w+, kernel_size: expected/);
  });
});

test('sums of powers of complex numbers go into complex numbers, and of real ones into real ones', () => {
  scope(() => {
    const [real, complex] = [randn([2, 4]), randn([2, 4]).to('complex64')];
    for (const sum of [
      () => aten._foreach_powsum_Scalar([complex], 2, 'bfloat16'),
      () => aten._foreach_powsum_Scalar([real, complex], 2, 'float32'),
      () => aten.linalg__powsum(real, 2, undefined, false, { dtype: 'complex64' }),
    ])
      expect(sum).toThrow(/\[PAL_DTYPE\] aten::\w+(\.\w+)?, dtype: expected a (complex|real) dtype, as self/);
    expect(aten._foreach_powsum_Scalar([real], 2, 'float64')[0]!.dtype).toBe('float64');
  });
});
