import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { arange, index, indexPut_, scope, slice, tensor, zeros } from '../../../lib/tensor/index.js';
import type { TensorIndex, Tensor } from '../../../lib/tensor/index.js';

const cube = (): Tensor => arange(24).reshape(2, 3, 4);
const ids = (...values: number[]): Tensor => tensor(values, { dtype: 'int64' });

describe('index', () => {
  test.each<[string, () => TensorIndex[], (x: Tensor) => unknown]>([
    ['a position', () => [1], (x) => x.select(0, 1).tolist()],
    ['positions', () => [1, -1, 0], () => 20],
    ['a slice', () => [slice(1), 0, slice(null, null, 2)], () => [[12, 14]]],
    ['negative bounds', () => [0, 0, slice(-3, -1)], () => [1, 2]],
    ['all axes between', () => ['...', 3], (x) => x.select(2, 3).tolist()],
    ['nothing', () => [], (x) => x.tolist()],
    ['only axes between', () => ['...'], (x) => x.tolist()],
    ['positions around the middle', () => [0, '...', 1], () => [1, 5, 9]],
    [
      'positions of a tensor',
      () => [0, ids(2, 0)],
      () => [
        [8, 9, 10, 11],
        [0, 1, 2, 3],
      ],
    ],
    ['two tensors together', () => [0, ids(0, 1), ids(1, 2)], () => [1, 6]],
    ['a tensor behind a slice', () => [slice(), 0, ids(3)], () => [[3], [15]]],
    [
      'a matrix of positions',
      () => [
        0,
        0,
        tensor([
          [0n, 1n],
          [2n, 3n],
        ]),
      ],
      () => [
        [0, 1],
        [2, 3],
      ],
    ],
    ['a mask of one axis', () => [0, tensor([true, false, true]), 0], () => [0, 8]],
    ['a mask with a slice', () => [tensor([false, true]), slice(0, 1)], () => [[[12, 13, 14, 15]]]],
  ])('by %s', (_, parts, expected) => {
    scope(() => {
      const x = cube();
      expect(index(x, ...parts()).tolist()).toEqual(expected(x));
    });
  });

  test('by a mask of all axes gives the elements in order', () => {
    scope(() => {
      const x = cube();
      expect(x.index(x.ge(21)).tolist()).toEqual([21, 22, 23]);
      expect(x.index(0, x.select(0, 0).ge(10)).tolist()).toEqual([10, 11]);
      expect(x.index(x.lt(0)).shape).toEqual([0]);
    });
  });

  test('makes new axes', () => {
    scope(() => {
      expect(cube().index(null, 0, null, '...').shape).toEqual([1, 1, 3, 4]);
      expect(tensor(5).index(null).shape).toEqual([1]);
      expect(tensor(5).index('...').item()).toBe(5);
      expect(tensor(5).index(tensor(true)).tolist()).toEqual([5]);
      expect(tensor(5).index(tensor(false)).shape).toEqual([0]);
    });
  });

  test('views share memory, gradients flow', () => {
    scope(() => {
      const x = zeros([2, 2], { requiresGrad: true });
      x.index(0, slice(1))
        .sum()
        .add(x.index(ids(1, 1)).sum())
        .backward();
      expect(x.grad?.tolist()).toEqual([
        [0, 1],
        [2, 2],
      ]);
      const y = zeros([3]);
      y.index(slice(1)).fill_(4);
      expect(y.tolist()).toEqual([0, 4, 4]);
    });
  });

  test('refuses too many parts, wrong kinds and positions outside', () => {
    scope(() => {
      const x = cube();
      expect(() => x.index(0, 0, 0, 0)).toThrow(/PAL_SHAPE/);
      expect(() => x.index('...', '...')).toThrow(/PAL_SHAPE/);
      for (const part of [0.5, 'x', undefined, {}]) expect(() => x.index(part as never)).toThrow(/PAL_ARGUMENT/);
      expect(() => x.index(2)).toThrow(/\[PAL_/);
      expect(() => x.index(ids(5))).toThrow(/\[PAL_/);
      expect(() => x.index(slice(0, 2, -1))).toThrow(/\[PAL_/);
    });
  });

  test('slices as arrays do', () => {
    const bound = fc.option(fc.integer({ min: -8, max: 8 }), { nil: undefined });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), bound, bound, (length, start, stop) => {
        scope(() => {
          const x = arange(length);
          const list = x.tolist() as number[];
          expect(x.index(slice(start, stop)).tolist()).toEqual(list.slice(start, stop));
        });
      }),
    );
  });
});

describe('indexPut_', () => {
  test('overwrites by position, slice, mask and positions', () => {
    scope(() => {
      const x = zeros([2, 3]);
      expect(indexPut_(x, [0, 1], 5)).toBe(x);
      x.indexPut_([1, slice(1)], tensor([7, 8]));
      expect(x.tolist()).toEqual([
        [0, 5, 0],
        [0, 7, 8],
      ]);
      x.indexPut_([x.gt(6)], -1);
      expect(x.tolist()).toEqual([
        [0, 5, 0],
        [0, -1, -1],
      ]);
      x.indexPut_([ids(0, 1), ids(0, 0)], tensor([1, 2]));
      expect(x.tolist()).toEqual([
        [1, 5, 0],
        [2, -1, -1],
      ]);
      x.indexPut_(['...'], 3);
      expect(x.sum().item()).toBe(18);
    });
  });

  test('accumulates, also where a position appears twice', () => {
    scope(() => {
      const x = zeros([3]);
      x.indexPut_([ids(0, 0, 2)], tensor([1, 1, 5]), { accumulate: true });
      expect(x.tolist()).toEqual([2, 0, 5]);
      x.indexPut_([slice(1)], 1, { accumulate: true });
      expect(x.tolist()).toEqual([2, 1, 6]);
    });
  });
});

describe('by axis', () => {
  test('gather and scatter', () => {
    scope(() => {
      const x = tensor([
        [1, 2],
        [3, 4],
      ]);
      const at = tensor([
        [1n, 0n],
        [0n, 0n],
      ]);
      expect(x.gather(1, at).tolist()).toEqual([
        [2, 1],
        [3, 3],
      ]);
      expect(
        zeros([2, 2])
          .scatter(1, tensor([[1n], [0n]]), tensor([[5], [6]]))
          .tolist(),
      ).toEqual([
        [0, 5],
        [6, 0],
      ]);
      expect(
        zeros([2, 2])
          .scatter(1, tensor([[1n], [0n]]), 9)
          .tolist(),
      ).toEqual([
        [0, 9],
        [9, 0],
      ]);
      expect(
        zeros([1, 2])
          .scatterAdd(1, tensor([[0n, 0n]]), tensor([[1, 2]]))
          .tolist(),
      ).toEqual([[3, 0]]);
      expect(x.takeAlongDim(x.argmax(1).unsqueeze(1), 1).tolist()).toEqual([[2], [4]]);
    });
  });

  test('indexSelect and indexAdd', () => {
    scope(() => {
      const x = tensor([
        [1, 2],
        [3, 4],
      ]);
      expect(x.indexSelect(1, ids(1, 1)).tolist()).toEqual([
        [2, 2],
        [4, 4],
      ]);
      expect(x.indexAdd(0, ids(0), tensor([[10, 10]])).tolist()).toEqual([
        [11, 12],
        [3, 4],
      ]);
    });
  });

  test('masks and positions', () => {
    scope(() => {
      const x = tensor([1, -2, 3]);
      const mask = x.lt(0);
      expect(x.maskedFill(mask, 0).tolist()).toEqual([1, 0, 3]);
      expect(x.maskedFill(mask, tensor(9)).tolist()).toEqual([1, 9, 3]);
      expect(x.maskedSelect(mask).tolist()).toEqual([-2]);
      expect(mask.nonzero().tolist()).toEqual([[1]]);
      expect(ids(0, 2).oneHot(3).tolist()).toEqual([
        [1, 0, 0],
        [0, 0, 1],
      ]);
    });
  });
});
