import { describe, expect, test } from '@jest/globals';
import {
  Generator,
  arange,
  bernoulli,
  empty,
  emptyLike,
  eye,
  full,
  fullLike,
  linspace,
  multinomial,
  normal,
  ones,
  onesLike,
  rand,
  randLike,
  randint,
  randn,
  randnLike,
  randperm,
  scope,
  tensor,
  zeros,
  zerosLike,
} from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';

describe('filled tensors', () => {
  test('hold their number', () => {
    scope(() => {
      expect(zeros([2]).tolist()).toEqual([0, 0]);
      expect(ones([1, 2], { dtype: 'int32' }).tolist()).toEqual([[1, 1]]);
      expect([full([2], 1).dtype, full([2], 1n).dtype, full([2], true).dtype]).toEqual(['float32', 'int64', 'bool']);
      expect(full([], 2.5).item()).toBe(2.5);
      expect(empty([3, 0]).shape).toEqual([3, 0]);
      expect(eye(2).tolist()).toEqual([
        [1, 0],
        [0, 1],
      ]);
      expect(eye(1, 2).tolist()).toEqual([[1, 0]]);
    });
  });

  test('take after another tensor', () => {
    scope(() => {
      const x = tensor([[1n, 2n]]);
      for (const like of [zerosLike(x), onesLike(x), emptyLike(x), fullLike(x, 3)]) {
        expect([like.shape, like.dtype]).toEqual([[1, 2], 'int64']);
      }
      expect(fullLike(x, 3).tolist()).toEqual([[3, 3]]);
      expect(zerosLike(x, { dtype: 'float64' }).dtype).toBe('float64');
    });
  });

  test('refuse bad shapes, dtypes and devices', () => {
    for (const shape of [3, [-1], [1.5], undefined, ['2']]) expect(() => zeros(shape as never)).toThrow(/PAL_SHAPE/);
    expect(() => zeros([1], { dtype: 'float' as never })).toThrow(/PAL_ARGUMENT/);
    expect(() => zeros([1], { device: 'gpu' })).toThrow(/PAL_DEVICE/);
    expect(() => zeros([1], { dtype: 'int64', requiresGrad: true })).toThrow(/\[PAL_/);
    expect(() => zeros([2 ** 40, 2 ** 20])).toThrow(/\[PAL_/);
  });
});

describe('counted tensors', () => {
  test('arange', () => {
    scope(() => {
      expect([arange(3).tolist(), arange(3).dtype]).toEqual([[0, 1, 2], 'int64']);
      expect(arange(1, 4).tolist()).toEqual([1, 2, 3]);
      expect(arange(0, 1, 0.25).tolist()).toEqual([0, 0.25, 0.5, 0.75]);
      expect(arange(3, 0, -1).tolist()).toEqual([3, 2, 1]);
      expect(arange(2, { dtype: 'float32' }).dtype).toBe('float32');
      expect(arange(0, 2, 1, { dtype: 'float64' }).dtype).toBe('float64');
      expect(() => arange(0, 1, 0)).toThrow(/\[PAL_/);
      expect(() => arange(undefined as never)).toThrow(/PAL_ARGUMENT/);
    });
  });

  test('linspace', () => {
    scope(() => expect(linspace(0, 1, 5).tolist()).toEqual([0, 0.25, 0.5, 0.75, 1]));
  });
});

describe('random tensors', () => {
  const twice = (draw: (generator: Generator) => Tensor): [Tensor, boolean] => {
    using generator = new Generator(11);
    const first = draw(generator);
    generator.manualSeed(11);
    return [first, first.equal(draw(generator))];
  };

  test.each<[string, (generator: Generator) => Tensor, (x: Tensor) => boolean]>([
    ['rand', (generator) => rand([500], { generator }), (x) => x.min().item() >= 0 && x.max().item() < 1],
    ['randn', (generator) => randn([500], { generator }), (x) => Math.abs(x.mean().item()) < 0.2],
    [
      'randint',
      (generator) => randint(2, 5, [500], { generator }),
      (x) => x.min().item() === 2 && x.max().item() === 4,
    ],
    ['randperm', (generator) => randperm(50, { generator }), (x) => x.sort().values.equal(arange(50))],
    ['normal', (generator) => normal(5, 0.1, [500], { generator }), (x) => Math.abs(x.mean().item() - 5) < 0.05],
    ['randLike', (generator) => randLike(zeros([3]), { generator }), (x) => x.max().item() < 1],
    ['randnLike', (generator) => randnLike(zeros([3]), { generator }), (x) => x.numel === 3],
    [
      'bernoulli',
      (generator) => bernoulli(full([500], 0.5), { generator }),
      (x) => Math.abs(x.mean().item() - 0.5) < 0.1,
    ],
    ['multinomial', (generator) => multinomial(tensor([0, 1, 1]), 2, { generator }), (x) => x.min().item() > 0],
    [
      'multinomial with replacement',
      (generator) => multinomial(tensor([0, 0, 1]), 9, { replacement: true, generator }),
      (x) => x.equal(full([9], 2n)),
    ],
  ])('%s', (_, draw, fits) => {
    scope(() => {
      const [x, repeats] = twice(draw);
      expect([fits(x), repeats]).toEqual([true, true]);
    });
  });

  test('take dtypes and gradients', () => {
    scope(() => {
      expect(randn([1], { dtype: 'float64', requiresGrad: true }).requiresGrad).toBe(true);
      expect([randint(0, 2, [1]).dtype, randperm(2).dtype]).toEqual(['int64', 'int64']);
      expect(() => multinomial(tensor([-1, 2]), 1)).toThrow(/\[PAL_/);
    });
  });
});
