import { describe, expect, test } from '@jest/globals';
import { Tensor, add, matmul, scope, tensor } from '../../lib/tensor/index.js';
import * as functional from '../../lib/tensor/functional/index.js';

const standalone =
  /^(arange|cat|einsum|empty|eye|full|linspace|normal|ones|rand|randint|randn|randperm|slice|stack|where|zeros)$/;

describe('methods', () => {
  test('are the functions, with the tensor first', () => {
    scope(() => {
      const x = tensor([
        [1, 2],
        [3, 4],
      ]);
      expect(x.add(x, { alpha: 2 }).equal(add(x, x, { alpha: 2 }))).toBe(true);
      expect(x.matmul(x).equal(matmul(x, x))).toBe(true);
      expect(x.sum(0, { keepdim: true }).shape).toEqual([1, 2]);
    });
  });

  test('exist for every function whose first argument is the tensor', () => {
    const missing = Object.keys(functional).filter((name) => !standalone.test(name) && !(name in Tensor.prototype));
    expect(missing).toEqual([]);
    expect(Object.keys(functional).filter((name) => standalone.test(name) && name in Tensor.prototype)).toEqual([]);
  });

  test('are not enumerable', () => {
    scope(() => expect(Object.keys(tensor([1]))).toEqual(['slot']));
  });

  test('are typed as the functions are', () => {
    scope(() => {
      const x = tensor([[1, 2]]);
      const { values, indices } = x.max(1);
      const whole: Tensor = x.max();
      expect([values.item(), indices.item(), whole.item()]).toEqual([2, 1, 2]);
      // @ts-expect-error an axis is a number
      expect(() => x.softmax('1')).toThrow(/PAL_ARGUMENT/);
      // @ts-expect-error there is no such setting
      expect(() => x.sum(0, { keep: true })).toThrow(/PAL_ARGUMENT.*keepdim/);
    });
  });
});
