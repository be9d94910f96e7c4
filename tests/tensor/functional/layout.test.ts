import { describe, expect, test } from '@jest/globals';
import { arange, cat, scope, stack, tensor, zeros } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';

const matrix = (): Tensor => arange(6).reshape(2, 3);

describe('layout', () => {
  test.each<[string, (x: Tensor) => Tensor, unknown]>([
    [
      'reshape one by one',
      (x) => x.reshape(3, 2),
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
    ],
    ['reshape by an array', (x) => x.reshape([-1]), [0, 1, 2, 3, 4, 5]],
    [
      'view',
      (x) => x.view([3, 2]),
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
    ],
    [
      'permute',
      (x) => x.permute(1, 0),
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
    [
      'transpose',
      (x) => x.transpose(0, -1),
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
    [
      't',
      (x) => x.t(),
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
    [
      'movedim',
      (x) => x.movedim(1, 0),
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
    ['flatten', (x) => x.flatten(), [0, 1, 2, 3, 4, 5]],
    [
      'unflatten',
      (x) => x.flatten().unflatten(0, [3, 2]),
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
    ],
    [
      'tril',
      (x) => x.tril(),
      [
        [0, 0, 0],
        [3, 4, 0],
      ],
    ],
    [
      'triu',
      (x) => x.triu(1),
      [
        [0, 1, 2],
        [0, 0, 5],
      ],
    ],
    ['diagonal', (x) => x.diagonal(1), [1, 5]],
    [
      'narrow',
      (x) => x.narrow(1, 1, 2),
      [
        [1, 2],
        [4, 5],
      ],
    ],
    ['select', (x) => x.select(1, -1), [2, 5]],
    [
      'flip',
      (x) => x.flip(0, 1),
      [
        [5, 4, 3],
        [2, 1, 0],
      ],
    ],
    [
      'roll',
      (x) => x.roll(1, 1),
      [
        [2, 0, 1],
        [5, 3, 4],
      ],
    ],
    [
      'roll over all',
      (x) => x.roll(1),
      [
        [5, 0, 1],
        [2, 3, 4],
      ],
    ],
    ['repeat', (x) => x.select(0, 0).repeat(2), [0, 1, 2, 0, 1, 2]],
    ['repeatInterleave', (x) => x.select(0, 0).repeatInterleave(2), [0, 0, 1, 1, 2, 2]],
    [
      'unfold',
      (x) => x.flatten().unfold(0, 3, 2),
      [
        [0, 1, 2],
        [2, 3, 4],
      ],
    ],
    [
      'expand',
      (x) => x.select(0, 0).expand(2, -1),
      [
        [0, 1, 2],
        [0, 1, 2],
      ],
    ],
    [
      'broadcastTo',
      (x) => x.select(0, 0).broadcastTo([2, 3]),
      [
        [0, 1, 2],
        [0, 1, 2],
      ],
    ],
    [
      'cat',
      (x) => cat([x, x], 1),
      [
        [0, 1, 2, 0, 1, 2],
        [3, 4, 5, 3, 4, 5],
      ],
    ],
    [
      'stack',
      (x) => stack([x.select(0, 0), x.select(0, 1)], 1),
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
    [
      'clone',
      (x) => x.clone(),
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
    ],
  ])('%s', (_, change, expected) => {
    scope(() => expect(change(matrix()).tolist()).toEqual(expected));
  });

  test('lists of views', () => {
    scope(() => {
      const x = matrix();
      expect(x.split(2, 1).map((part) => part.shape)).toEqual([
        [2, 2],
        [2, 1],
      ]);
      expect(x.split([1, 2], 1).map((part) => part.shape)).toEqual([
        [2, 1],
        [2, 2],
      ]);
      expect(x.chunk(2).map((part) => part.tolist())).toEqual([[[0, 1, 2]], [[3, 4, 5]]]);
      expect(x.unbind(1).map((part) => part.tolist())).toEqual([
        [0, 3],
        [1, 4],
        [2, 5],
      ]);
    });
  });

  test('axes of size 1 come and go', () => {
    scope(() => {
      const x = zeros([1, 2, 1]);
      expect(x.squeeze().shape).toEqual([2]);
      expect(x.squeeze(0).shape).toEqual([2, 1]);
      expect(x.squeeze([0, 2]).shape).toEqual([2]);
      expect(x.unsqueeze(-1).shape).toEqual([1, 2, 1, 1]);
      expect(tensor([5]).reshape([]).shape).toEqual([]);
    });
  });

  test('views share memory, clones and contiguous copies do not', () => {
    scope(() => {
      const x = zeros([2, 2]);
      x.view(4).select(0, 3).fill_(7);
      expect(x.tolist()).toEqual([
        [0, 0],
        [0, 7],
      ]);
      const copy = x.t().contiguous();
      expect([copy.isContiguous, x.t().isContiguous]).toEqual([true, false]);
      copy.fill_(1);
      x.clone().fill_(2);
      expect(x.tolist()).toEqual([
        [0, 0],
        [0, 7],
      ]);
    });
  });

  test('viewAsType reads the same bytes', () => {
    scope(() => expect(tensor([1]).viewAsType('int32').tolist()).toEqual([0x3f800000]));
  });

  test('refuse shapes that do not fit and what is no integer', () => {
    scope(() => {
      const x = matrix();
      expect(() => x.reshape(4, 2)).toThrow(/\[PAL_\w+\] aten::reshape/);
      expect(() => x.t().view(6)).toThrow(/\[PAL_/);
      expect(() => x.reshape(1.5)).toThrow(/PAL_ARGUMENT/);
      expect(() => x.reshape('6' as never)).toThrow(/PAL_ARGUMENT/);
      expect(() => cat(x as never)).toThrow(/an array of tensors/);
      expect(() => cat([x, zeros([1])])).toThrow(/\[PAL_/);
    });
  });
});
