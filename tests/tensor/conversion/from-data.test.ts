import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scope, tensor } from '../../../lib/tensor/index.js';
import type { DType, Nested, TypedArray } from '../../../lib/tensor/index.js';

const code = (name: string): unknown => expect.objectContaining({ code: name });

describe('tensor', () => {
  test.each<[Nested, DType, number[]]>([
    [3, 'float32', []],
    [[1, 2.5], 'float32', [2]],
    [[[1], [2], [3]], 'float32', [3, 1]],
    [[true, false], 'bool', [2]],
    [[1n, 2n], 'int64', [2]],
    [[], 'float32', [0]],
    [[[], []], 'float32', [2, 0]],
  ])('of %j is %s %j', (data, dtype, shape) => {
    scope(() => {
      const x = tensor(data);
      expect([x.dtype, x.shape]).toEqual([dtype, shape]);
    });
  });

  test.each<[TypedArray, DType]>([
    [Float32Array.of(1.5, -2), 'float32'],
    [Float64Array.of(1.5, -2), 'float64'],
    [BigInt64Array.of(1n, -(2n ** 62n)), 'int64'],
    [Int32Array.of(1, -2), 'int32'],
    [Int16Array.of(1, -2), 'int16'],
    [Int8Array.of(1, -2), 'int8'],
    [Uint8Array.of(1, 255), 'uint8'],
  ])('of %p is %s, and comes back the same', (data, dtype) => {
    scope(() => {
      const x = tensor(data);
      expect(x.dtype).toBe(dtype);
      expect(Array.from(x.data() as Float32Array)).toEqual(Array.from(data as Float32Array));
    });
  });

  test('of 16-bit patterns needs to know which float they are', () => {
    scope(() => {
      const bits = Uint16Array.of(0x3c00, 0xc000);
      expect(tensor(bits, { dtype: 'float16' }).tolist()).toEqual([1, -2]);
      expect(tensor(Uint16Array.of(0x3f80, 0xc000), { dtype: 'bfloat16' }).tolist()).toEqual([1, -2]);
      expect(() => tensor(bits)).toThrow(code('PAL_DTYPE'));
      expect(() => tensor(bits, { dtype: 'float32' })).toThrow(code('PAL_DTYPE'));
    });
  });

  test('converts to the dtype asked for', () => {
    scope(() => {
      expect(tensor([1, 2], { dtype: 'int64' }).data()).toEqual(BigInt64Array.of(1n, 2n));
      expect(tensor([0, 3], { dtype: 'bool' }).tolist()).toEqual([false, true]);
      expect(tensor(Uint8Array.of(0, 3), { dtype: 'bool' }).bits()).toEqual(Uint8Array.of(0, 1));
      expect(tensor([1.5], { dtype: 'bfloat16' }).dtype).toBe('bfloat16');
      expect(tensor(Float32Array.of(1.7), { dtype: 'int32' }).tolist()).toEqual([1]);
    });
  });

  test('takes a view into a larger buffer as it is', () => {
    scope(() => {
      const part = new Float32Array(Float32Array.of(1, 2, 3, 4).buffer, 4, 2);
      expect(tensor(part).tolist()).toEqual([2, 3]);
    });
  });

  test('gives a flat array the shape asked for', () => {
    scope(() => {
      expect(tensor(Float32Array.of(1, 2, 3, 4), { shape: [2, 2] }).tolist()).toEqual([
        [1, 2],
        [3, 4],
      ]);
      expect(() => tensor([1, 2, 3], { shape: [2, 2] })).toThrow(code('PAL_SHAPE'));
    });
  });

  test('copies: later changes of the array are not seen', () => {
    scope(() => {
      const data = Float32Array.of(1, 2);
      const x = tensor(data);
      data[0] = 9;
      expect(x.tolist()).toEqual([1, 2]);
    });
  });

  test('refuses ragged arrays, lossy integers and other values', () => {
    scope(() => {
      expect(() => tensor([[1], [1, 2]])).toThrow(code('PAL_SHAPE'));
      expect(() => tensor([[1], 2])).toThrow(code('PAL_SHAPE'));
      expect(() => tensor([1.5], { dtype: 'int64' })).toThrow(code('PAL_DTYPE'));
      expect(() => tensor([300], { dtype: 'uint8' })).toThrow(code('PAL_DTYPE'));
      expect(() => tensor(['a'] as never)).toThrow(code('PAL_ARGUMENT'));
      expect(() => tensor(undefined as never)).toThrow(code('PAL_ARGUMENT'));
      expect(() => tensor([1], { dtype: 'float31' as never })).toThrow(/float32/);
    });
  });

  test('requiresGrad makes a leaf', () => {
    scope(() => {
      const x = tensor([1, 2], { requiresGrad: true });
      expect([x.requiresGrad, x.isLeaf]).toEqual([true, true]);
    });
  });

  test('float32 values survive the way in and out', () => {
    fc.assert(
      fc.property(fc.float32Array({ maxLength: 20 }), (values) => {
        scope(() => expect(tensor(values).data()).toEqual(values));
      }),
    );
  });
});
