import { describe, expect, test } from '@jest/globals';
import { getOperator, memory, ones, scope, share, tensor, unshare } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';

/** Expects that a call which would have made `out` larger failed, and that `out` is what it was. */
function expectUnchanged(out: Tensor, values: number[], call: () => unknown, failure: RegExp): void {
  expect(call).toThrow(failure);
  expect(out.shape).toEqual([values.length]);
  getOperator('aten::neg_')(out);
  expect(out.tolist()).toEqual(values.map((value) => -value));
}

describe('a tensor whose memory can not grow keeps its shape', () => {
  test.each([
    ['aten::column_stack.out', (out: Tensor) => getOperator('aten::column_stack.out')([ones([4, 2])], { out })],
    ['aten::add.out', (out: Tensor) => getOperator('aten::add.out')(ones([8]), ones([8]), { out })],
    ['aten::resize_', (out: Tensor) => getOperator('aten::resize_')(out, [64, 64])],
    [
      'aten::_foreach_add.List_out',
      (out: Tensor) => getOperator('aten::_foreach_add.List_out')([ones([8])], [ones([8])], { out: [out] }),
    ],
  ])('%s, where another thread shares it', (_, call) => {
    scope(() => {
      const out = tensor([1, 2]);
      const shared = share(out);
      expectUnchanged(out, [1, 2], () => call(out), /resize storage that is not resizable/);
      unshare(shared);
    });
  });

  test('where there is no more memory', () => {
    scope(() => {
      const [out, large] = [tensor([1, 2]), ones([2 ** 18])];
      memory.setLimit(memory.stats().allocatedBytes + 2 ** 19);
      try {
        expectUnchanged(out, [1, 2], () => getOperator('aten::neg.out')(large, { out }), /PAL_OUT_OF_MEMORY/);
      } finally {
        memory.setLimit(Infinity);
      }
    });
  });

  test('but grows where it can', () => {
    scope(() => {
      const out = tensor([1]);
      getOperator('aten::neg.out')(tensor([1, 2, 3]), { out });
      expect(out.tolist()).toEqual([-1, -2, -3]);
    });
  });
});
