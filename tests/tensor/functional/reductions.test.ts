import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scope, tensor } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';

const matrix = (): Tensor =>
  tensor([
    [1, 5, 3],
    [4, 2, 6],
  ]);

describe('reductions', () => {
  test.each<[string, (x: Tensor) => Tensor, unknown]>([
    ['sum', (x) => x.sum(), 21],
    ['sum along', (x) => x.sum(0), [5, 7, 9]],
    ['sum along several', (x) => x.sum([0, 1]), 21],
    ['sum keeping the axis', (x) => x.sum(-1, { keepdim: true }), [[9], [12]]],
    ['mean', (x) => x.mean(), 3.5],
    ['mean along', (x) => x.mean(1), [3, 4]],
    ['prod', (x) => x.prod(), 720],
    ['prod along', (x) => x.prod(1), [15, 48]],
    ['max', (x) => x.max(), 6],
    ['min', (x) => x.min(), 1],
    ['median', (x) => x.median(), 3],
    ['amax', (x) => x.amax(1, { keepdim: true }), [[5], [6]]],
    ['amin', (x) => x.amin(), 1],
    ['argmax', (x) => x.argmax(), 5],
    ['argmax along', (x) => x.argmax(1), [1, 2]],
    ['argmin', (x) => x.argmin(0), [0, 1, 0]],
    ['any', (x) => x.gt(5).any(), true],
    ['any along', (x) => x.gt(5).any(1), [false, true]],
    ['all', (x) => x.gt(0).all(), true],
    ['all along', (x) => x.gt(1).all(1), [false, true]],
    ['variance', (x) => x.variance(1), [4, 4]],
    ['variance of the population', (x) => x.variance(1, { correction: 0 }), [8 / 3, 8 / 3].map(Math.fround)],
    ['std', (x) => x.std(1, { keepdim: true }), [[2], [2]]],
    ['norm', (x) => x.sub(x).add(2).index(0).norm(), Math.fround(Math.sqrt(12))],
    ['norm of another order', (x) => x.norm(1, 1), [9, 12]],
    [
      'cumsum',
      (x) => x.cumsum(1),
      [
        [1, 6, 9],
        [4, 6, 12],
      ],
    ],
    [
      'cumprod',
      (x) => x.cumprod(0),
      [
        [1, 5, 3],
        [4, 10, 18],
      ],
    ],
    ['countNonzero', (x) => x.gt(2).countNonzero(), 4],
    ['countNonzero along', (x) => x.gt(2).countNonzero(0), [1, 1, 2]],
    [
      'argsort',
      (x) => x.argsort(1, { descending: true }),
      [
        [1, 2, 0],
        [2, 0, 1],
      ],
    ],
  ])('%s', (_, reduce, expected) => {
    scope(() => expect(reduce(matrix()).tolist()).toEqual(expected));
  });

  test('logsumexp does not overflow', () => {
    scope(() => {
      expect(tensor([1000, 1000]).logsumexp(0).item()).toBeCloseTo(1000 + Math.log(2), 3);
    });
  });

  test('with positions', () => {
    scope(() => {
      const x = matrix();
      for (const [{ values, indices }, expected] of [
        [
          x.max(1),
          [
            [5, 6],
            [1, 2],
          ],
        ],
        [
          x.min(1),
          [
            [1, 2],
            [0, 1],
          ],
        ],
        [
          x.median(1),
          [
            [3, 4],
            [2, 0],
          ],
        ],
        [
          x.topk(2, 1),
          [
            [
              [5, 3],
              [6, 4],
            ],
            [
              [1, 2],
              [2, 0],
            ],
          ],
        ],
        [
          x.topk(1, 1, { largest: false }),
          [
            [[1], [2]],
            [[0], [1]],
          ],
        ],
        [
          x.sort(0, { descending: true }),
          [
            [
              [4, 5, 6],
              [1, 2, 3],
            ],
            [
              [1, 0, 1],
              [0, 1, 0],
            ],
          ],
        ],
      ] as const) {
        expect([values.tolist(), indices.tolist()]).toEqual(expected);
        expect(indices.dtype).toBe('int64');
      }
      expect(x.max(1, { keepdim: true }).values.shape).toEqual([2, 1]);
    });
  });

  test('a stable sort keeps the order of equals', () => {
    scope(() => {
      const { indices } = tensor([1, 0, 1, 0]).sort(0, { stable: true });
      expect(indices.tolist()).toEqual([1, 3, 0, 2]);
    });
  });

  test('dtypes: integers sum to int64, and can be asked for floats', () => {
    scope(() => {
      const x = tensor([1, 2], { dtype: 'int32' });
      expect([x.sum().dtype, x.mean(0, { dtype: 'float32' }).dtype, x.sum(0, { dtype: 'float64' }).dtype]).toEqual([
        'int64',
        'float32',
        'float64',
      ]);
      expect(() => x.mean()).toThrow(/\[PAL_OPERATOR\]/);
    });
  });

  test('refuse axes that are not there', () => {
    scope(() => {
      expect(() => matrix().sum(2)).toThrow(/\[PAL_\w+\] aten::sum/);
      expect(() => matrix().max(5)).toThrow(/\[PAL_/);
    });
  });

  test('sum over one axis, then the other, is the sum over both', () => {
    const row = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
        scope(() => {
          const x = tensor(rows);
          expect(x.sum(0).sum(0).item()).toBe(x.sum().item());
          expect(x.sum().item() + 0).toBe(rows.flat().reduce((a, b) => a + b, 0) + 0);
        });
      }),
    );
  });
});
