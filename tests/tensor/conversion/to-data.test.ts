import { describe, expect, test } from '@jest/globals';
import { arange, scope, tensor, zeros } from '../../../lib/tensor/index.js';

const code = (name: string): unknown => expect.objectContaining({ code: name });

describe('data', () => {
  test('is row-major whatever the strides', () => {
    scope(() => {
      const x = arange(6, { dtype: 'int32' }).reshape([2, 3]).transpose(0, 1);
      expect(x.data()).toEqual(Int32Array.of(0, 3, 1, 4, 2, 5));
    });
  });

  test('widens 16-bit floats and gives bool as bytes', () => {
    scope(() => {
      const values = [1, -0.5];
      for (const dtype of ['float16', 'bfloat16'] as const) {
        expect(tensor(values, { dtype }).data()).toEqual(Float32Array.from(values));
      }
      expect(tensor([true, false]).data()).toEqual(Uint8Array.of(1, 0));
    });
  });

  test('is a copy', () => {
    scope(() => {
      const x = zeros([2]);
      (x.data() as Float32Array)[0] = 1;
      expect(x.tolist()).toEqual([0, 0]);
    });
  });
});

describe('bits', () => {
  test('are the patterns in memory', () => {
    scope(() => {
      expect(tensor([1], { dtype: 'float16' }).bits()).toEqual(Uint16Array.of(0x3c00));
      expect(tensor([1], { dtype: 'bfloat16' }).bits()).toEqual(Uint16Array.of(0x3f80));
      expect(tensor([1]).bits()).toEqual(Uint32Array.of(0x3f800000));
      expect(tensor([-1n]).bits()).toEqual(BigUint64Array.of(2n ** 64n - 1n));
      expect(tensor([true]).bits()).toEqual(Uint8Array.of(1));
    });
  });
});

describe('item', () => {
  test('is a number, a boolean, or a bigint where a number would lose digits', () => {
    scope(() => {
      expect(tensor(2.5).item()).toBe(2.5);
      expect(tensor([7n]).item()).toBe(7);
      expect(tensor(2n ** 60n).item<bigint>()).toBe(2n ** 60n);
      expect(tensor([[true]]).item<boolean>()).toBe(true);
    });
  });

  test('needs one element', () => {
    scope(() => {
      for (const x of [zeros([2]), zeros([0])]) expect(() => x.item()).toThrow(/\[PAL_\w+\]/);
    });
  });
});

describe('tolist', () => {
  test('nests as the shape does', () => {
    scope(() => {
      expect(arange(4).reshape([2, 1, 2]).tolist()).toEqual([[[0, 1]], [[2, 3]]]);
      expect(tensor(5).tolist()).toBe(5);
      expect(zeros([2, 0]).tolist()).toEqual([[], []]);
      expect(zeros([0, 2]).tolist()).toEqual([]);
      expect(tensor([2n ** 60n, 1n]).tolist()).toEqual([2n ** 60n, 1]);
      expect(tensor([true, false]).tolist()).toEqual([true, false]);
    });
  });
});

describe('write', () => {
  test('overwrites in place, also through a view', () => {
    scope(() => {
      const x = zeros([2, 2]);
      x.select(0, 1).write(Float32Array.of(3, 4));
      expect(x.tolist()).toEqual([
        [0, 0],
        [3, 4],
      ]);
      x.transpose(0, 1).write(Float32Array.of(1, 2, 3, 4));
      expect(x.tolist()).toEqual([
        [1, 3],
        [2, 4],
      ]);
    });
  });

  test('takes bits or float32 for 16-bit floats', () => {
    scope(() => {
      const x = zeros([2], { dtype: 'bfloat16' });
      expect(x.write(Float32Array.of(1, 2)).tolist()).toEqual([1, 2]);
      expect(x.write(Uint16Array.of(0x3f80, 0)).tolist()).toEqual([1, 0]);
    });
  });

  test('refuses another dtype or count', () => {
    scope(() => {
      const x = zeros([2]);
      expect(() => x.write(Float64Array.of(1, 2))).toThrow(code('PAL_DTYPE'));
      expect(() => x.write([1, 2] as never)).toThrow(code('PAL_ARGUMENT'));
      expect(() => x.write(Float32Array.of(1))).toThrow(code('PAL_SHAPE'));
    });
  });
});
