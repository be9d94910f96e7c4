import { describe, expect, test } from '@jest/globals';
import {
  addmm,
  baddbmm,
  bmm,
  dot,
  einsum,
  linear,
  mm,
  mv,
  outer,
  randn,
  scope,
  tensor,
} from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';

const a = (): Tensor =>
  tensor([
    [1, 2],
    [3, 4],
  ]);
const b = (): Tensor =>
  tensor([
    [5, 6],
    [7, 8],
  ]);
const product = [
  [19, 22],
  [43, 50],
];

describe('products', () => {
  test('of matrices and vectors', () => {
    scope(() => {
      expect(mm(a(), b()).tolist()).toEqual(product);
      expect(a().matmul(b()).tolist()).toEqual(product);
      expect(bmm(a().unsqueeze(0), b().unsqueeze(0)).tolist()).toEqual([product]);
      expect(mv(a(), tensor([1, 1])).tolist()).toEqual([3, 7]);
      expect(dot(tensor([1, 2]), tensor([3, 4])).item()).toBe(11);
      expect(outer(tensor([1, 2]), tensor([3, 4])).tolist()).toEqual([
        [3, 4],
        [6, 8],
      ]);
      expect(einsum('ij,jk->ik', a(), b()).tolist()).toEqual(product);
      expect(einsum('ii', a()).item()).toBe(5);
    });
  });

  test('with something added', () => {
    scope(() => {
      expect(addmm(a(), a(), b(), { beta: 2, alpha: 10 }).tolist()).toEqual([
        [192, 224],
        [436, 508],
      ]);
      expect(baddbmm(a().unsqueeze(0), a().unsqueeze(0), b().unsqueeze(0)).tolist()).toEqual([
        [
          [20, 24],
          [46, 54],
        ],
      ]);
      expect(linear(tensor([[1, 1]]), a()).tolist()).toEqual([[3, 7]]);
      expect(linear(tensor([[1, 1]]), a(), tensor([10, 20])).tolist()).toEqual([[13, 27]]);
    });
  });

  test('of batches broadcast', () => {
    scope(() => expect(randn([2, 1, 3, 4]).matmul(randn([5, 4, 2])).shape).toEqual([2, 5, 3, 2]));
  });

  test('refuse shapes that do not fit', () => {
    scope(() => {
      expect(() => mm(a(), tensor([1, 2]))).toThrow(/\[PAL_\w+\] aten::mm/);
      expect(() => a().matmul(randn([3, 2]))).toThrow(/\[PAL_/);
      expect(() => einsum('ij,jk', a())).toThrow(/\[PAL_/);
      expect(() => linear(a(), a(), 3 as never)).toThrow(/PAL_ARGUMENT/);
    });
  });
});
