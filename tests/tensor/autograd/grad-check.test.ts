import { describe, expect, test } from '@jest/globals';
import { gradCheck, randn, scope, tensor } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';

const float64 = (shape: number[]): Tensor => randn(shape, { dtype: 'float64', requiresGrad: true });

describe('gradCheck', () => {
  test('passes right gradients, of several inputs and outputs', () => {
    scope(() => {
      const report = gradCheck((a, b) => ({ y: a.matmul(b).tanh(), s: [a.sum()] }), [float64([2, 3]), float64([3, 2])]);
      expect(report.checked).toBe(5 * 12);
      expect(report.maxError).toBeLessThan(1e-6);
    });
  });

  test('names the worst element of a wrong gradient', () => {
    scope(() => {
      const x = tensor([1, 2, 3], { dtype: 'float64', requiresGrad: true });
      const wrong = (y: Tensor): Tensor => y.mul(y.detach()).mul(tensor([0, 1, 0], { dtype: 'float64' }));
      expect(() => gradCheck((y) => wrong(y), [x])).toThrow(
        /\[PAL_AUTOGRAD\] gradCheck: expected d output 0\[1\] \/ d input 0\[1\] = 4\.0+\d* by central differences, received 2; 1 of 9/,
      );
      expect(x.tolist()).toEqual([1, 2, 3]);
    });
  });

  test('counts NaN as wrong', () => {
    scope(() => {
      const x = tensor([0], { dtype: 'float64', requiresGrad: true });
      expect(() => gradCheck((y) => y.sqrt().mul(0), [x])).toThrow(/PAL_AUTOGRAD/);
    });
  });

  test('needs float64 inputs, one of which requires gradients', () => {
    scope(() => {
      expect(() => gradCheck((y) => y, [randn([2], { requiresGrad: true })])).toThrow(/PAL_DTYPE/);
      expect(() => gradCheck((y) => y, [randn([2])])).toThrow(/PAL_AUTOGRAD/);
      expect(() => gradCheck((y) => y, [1 as never])).toThrow(/PAL_ARGUMENT/);
    });
  });
});
