import { describe, expect, test } from '@jest/globals';
import { allclose, equal, isclose, scope, tensor } from '../../../lib/tensor/index.js';

describe('comparisons', () => {
  test('element by element', () => {
    scope(() => {
      const [x, y] = [tensor([1, 2, 3]), tensor([3, 2, 1])];
      expect(x.eq(y).tolist()).toEqual([false, true, false]);
      expect(x.ne(y).tolist()).toEqual([true, false, true]);
      expect(x.lt(y).tolist()).toEqual([true, false, false]);
      expect(x.le(2).tolist()).toEqual([true, true, false]);
      expect(x.gt(y).tolist()).toEqual([false, false, true]);
      expect(x.ge(2).tolist()).toEqual([false, true, true]);
    });
  });

  test('of special values', () => {
    scope(() => {
      const x = tensor([NaN, Infinity, 1]);
      expect(x.isnan().tolist()).toEqual([true, false, false]);
      expect(x.isinf().tolist()).toEqual([false, true, false]);
      expect(x.isfinite().tolist()).toEqual([false, false, true]);
    });
  });

  test('logic', () => {
    scope(() => {
      const [a, b] = [tensor([true, true, false]), tensor([true, false, false])];
      expect(a.logicalAnd(b).tolist()).toEqual([true, false, false]);
      expect(a.logicalOr(b).tolist()).toEqual([true, true, false]);
      expect(a.logicalXor(b).tolist()).toEqual([false, true, false]);
      expect(a.logicalNot().tolist()).toEqual([false, false, true]);
    });
  });

  test('as a whole', () => {
    scope(() => {
      const [x, y] = [tensor([1, 2]), tensor([1, 2 + 1e-6])];
      expect([equal(x, x.clone()), equal(x, y), equal(x, tensor([1]))]).toEqual([true, false, false]);
      expect([allclose(x, y), allclose(x, y, { rtol: 0, atol: 0 })]).toEqual([true, false]);
      expect(allclose(tensor([NaN]), tensor([NaN]), { equalNan: true })).toBe(true);
      expect(isclose(x, tensor([1, 3])).tolist()).toEqual([true, false]);
    });
  });
});
