import { describe, expect, test } from '@jest/globals';
import { Generator, ones, scope, tensor, zeros } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';

describe('in-place functions', () => {
  test.each<[string, (x: Tensor) => Tensor, number[]]>([
    ['add_', (x) => x.add_(x, { alpha: 2 }), [3, 12]],
    ['add_ of a number', (x) => x.add_(1), [2, 5]],
    ['sub_', (x) => x.sub_(tensor([1, 1])), [0, 3]],
    ['sub_ of a number', (x) => x.sub_(1, { alpha: 2 }), [-1, 2]],
    ['mul_', (x) => x.mul_(3), [3, 12]],
    ['div_', (x) => x.div_(2), [0.5, 2]],
    ['div_ rounded', (x) => x.div_(tensor([3, 3]), { roundingMode: 'floor' }), [0, 1]],
    ['pow_', (x) => x.pow_(2), [1, 16]],
    ['fill_', (x) => x.fill_(7), [7, 7]],
    ['zero_', (x) => x.zero_(), [0, 0]],
    ['neg_', (x) => x.neg_(), [-1, -4]],
    ['abs_', (x) => x.neg_().abs_(), [1, 4]],
    ['sqrt_', (x) => x.sqrt_(), [1, 2]],
    ['rsqrt_', (x) => x.rsqrt_(), [1, 0.5]],
    ['reciprocal_', (x) => x.reciprocal_(), [1, 0.25]],
    ['square_', (x) => x.square_(), [1, 16]],
    ['relu_', (x) => x.sub_(2).relu_(), [0, 2]],
    ['round_', (x) => x.mul_(0.3).round_(), [0, 1]],
    ['floor_', (x) => x.mul_(0.3).floor_(), [0, 1]],
    ['exp_ and log_', (x) => x.exp_().log_().round_(), [1, 4]],
    ['clamp_', (x) => x.clamp_({ min: 2, max: 3 }), [2, 3]],
    ['clamp_ by tensors', (x) => x.clamp_({ max: tensor([0, 5]) }), [0, 4]],
    ['lerp_', (x) => x.lerp_(tensor([3, 8]), 0.5), [2, 6]],
    ['lerp_ by a tensor', (x) => x.lerp_(tensor([3, 8]), tensor([0, 1])), [1, 8]],
    ['addcmul_', (x) => x.addcmul_(x, x, { value: 2 }), [3, 36]],
    ['addcdiv_', (x) => x.addcdiv_(x, tensor([1, 2])), [2, 6]],
    ['copy_', (x) => x.copy_(tensor([8n, 9n])), [8, 9]],
    ['maskedFill_', (x) => x.maskedFill_(x.gt(2), -1), [1, -1]],
    ['maskedFill_ by a tensor', (x) => x.maskedFill_(x.gt(2), tensor(5)), [1, 5]],
    ['scatter_', (x) => x.scatter_(0, tensor([1n]), tensor([6])), [1, 6]],
    ['scatter_ of a number', (x) => x.scatter_(0, tensor([0n]), 6), [6, 4]],
    ['scatterAdd_', (x) => x.scatterAdd_(0, tensor([0n, 0n]), tensor([1, 2])), [4, 4]],
    ['indexAdd_', (x) => x.indexAdd_(0, tensor([1n]), tensor([1])), [1, 5]],
    ['indexCopy_', (x) => x.indexCopy_(0, tensor([0n]), tensor([9])), [9, 4]],
    ['detach_', (x) => x.detach_(), [1, 4]],
    ['sigmoid_ and tanh_', (x) => x.zero_().sigmoid_().sub_(0.5).tanh_(), [0, 0]],
  ])('%s', (_, change, expected) => {
    scope(() => {
      const x = tensor([1, 4]);
      expect(change(x)).toBe(x);
      expect(x.tolist()).toEqual(expected);
    });
  });

  test('draws lie where they should, and repeat with a generator', () => {
    scope(() => {
      const draw = (change: (x: Tensor, generator: Generator) => Tensor): Tensor => {
        using generator = new Generator(5);
        return change(zeros([2000]), generator);
      };
      const uniform = draw((x, generator) => x.uniform_(2, 4, { generator }));
      expect([uniform.min().item() >= 2, uniform.max().item() < 4]).toEqual([true, true]);
      expect(uniform.equal(draw((x, generator) => x.uniform_(2, 4, { generator })))).toBe(true);
      const normal = draw((x, generator) => x.normal_(10, 2, { generator }));
      expect(Math.abs(normal.mean().item() - 10)).toBeLessThan(0.25);
      expect(Math.abs(normal.std().item() - 2)).toBeLessThan(0.2);
      const coins = draw((x, generator) => x.bernoulli_(0.25, { generator }));
      expect(Math.abs(coins.mean().item() - 0.25)).toBeLessThan(0.05);
      const waits = draw((x, generator) => x.exponential_(2, { generator }));
      expect(Math.abs(waits.mean().item() - 0.5)).toBeLessThan(0.06);
    });
  });

  test('refuse a result that does not fit', () => {
    scope(() => {
      expect(() => zeros([2], { dtype: 'int64' }).add_(0.5)).toThrow(/\[PAL_\w+\] aten::add_/);
      expect(() => zeros([1]).add_(ones([3]))).toThrow(/\[PAL_/);
      expect(() => ones([1], { requiresGrad: true }).add_(1)).toThrow(/\[PAL_/);
    });
  });
});
