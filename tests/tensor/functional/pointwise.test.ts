import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  add,
  addcdiv,
  addcmul,
  atan2,
  clamp,
  div,
  elu,
  floorDivide,
  fmod,
  gelu,
  leakyRelu,
  lerp,
  maximum,
  minimum,
  nanToNum,
  pow,
  remainder,
  round,
  scope,
  softmax,
  softplus,
  sub,
  tensor,
  where,
  zeros,
} from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import * as pointwise from '../../../lib/tensor/functional/pointwise.js';

const values = (x: Tensor): number[] => Array.from(x.data() as Float32Array, Number);
const of = (...numbers: number[]): Tensor => tensor(numbers);
const near = (x: Tensor, expected: number[]): void => {
  const found = values(x);
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 5));
};

const unaries: [keyof typeof pointwise, (value: number) => number, number[]][] = [
  ['neg', (v) => -v, [-1, 0.5]],
  ['exp', Math.exp, [-1, 0.5]],
  ['exp2', (v) => 2 ** v, [-1, 0.5]],
  ['expm1', Math.expm1, [-1, 1e-4]],
  ['log', Math.log, [0.5, 3]],
  ['log2', Math.log2, [0.5, 3]],
  ['log10', Math.log10, [0.5, 3]],
  ['log1p', Math.log1p, [1e-4, 3]],
  ['sqrt', Math.sqrt, [0.25, 9]],
  ['rsqrt', (v) => 1 / Math.sqrt(v), [0.25, 9]],
  ['abs', Math.abs, [-1, 2]],
  ['sign', Math.sign, [-3, 0, 2]],
  ['sin', Math.sin, [-1, 2]],
  ['cos', Math.cos, [-1, 2]],
  ['tan', Math.tan, [-1, 1]],
  ['asin', Math.asin, [-0.5, 0.5]],
  ['acos', Math.acos, [-0.5, 0.5]],
  ['atan', Math.atan, [-2, 2]],
  ['sinh', Math.sinh, [-1, 1]],
  ['cosh', Math.cosh, [-1, 1]],
  ['tanh', Math.tanh, [-1, 2]],
  ['sigmoid', (v) => 1 / (1 + Math.exp(-v)), [-1, 2]],
  ['logSigmoid', (v) => -Math.log1p(Math.exp(-v)), [-1, 2]],
  ['relu', (v) => Math.max(v, 0), [-1, 2]],
  ['silu', (v) => v / (1 + Math.exp(-v)), [-1, 2]],
  ['mish', (v) => v * Math.tanh(Math.log1p(Math.exp(v))), [-1, 2]],
  ['floor', Math.floor, [-1.5, 1.5]],
  ['ceil', Math.ceil, [-1.5, 1.5]],
  ['trunc', Math.trunc, [-1.5, 1.5]],
  ['frac', (v) => v - Math.trunc(v), [-1.5, 1.25]],
  ['reciprocal', (v) => 1 / v, [-2, 4]],
  ['square', (v) => v * v, [-2, 3]],
];

describe('functions of one tensor', () => {
  test.each(unaries)('%s', (name, expected, inputs) => {
    scope(() => near((pointwise[name] as (x: Tensor) => Tensor)(tensor(inputs)), inputs.map(expected)));
  });

  test('special functions at known points', () => {
    scope(() => {
      near(pointwise.erf(of(0, 1)), [0, 0.8427008]);
      near(pointwise.erfc(of(0, 1)), [1, 0.1572992]);
      near(pointwise.erfinv(of(0, 0.8427008)), [0, 1]);
      near(pointwise.lgamma(of(1, 5)), [0, Math.log(24)]);
      near(pointwise.digamma(of(1)), [-0.5772157]);
    });
  });

  test('round takes halves to even, at any decimal place', () => {
    scope(() => {
      near(round(of(0.5, 1.5, -2.5)), [0, 2, -2]);
      near(round(of(1.2345), 2), [1.23]);
      expect(round(tensor([3n])).dtype).toBe('int64');
    });
  });

  test('activations with settings', () => {
    scope(() => {
      near(gelu(of(1)), [0.8413447]);
      near(gelu(of(1), { approximate: 'tanh' }), [0.841192]);
      near(leakyRelu(of(-1, 1), 0.1), [-0.1, 1]);
      near(elu(of(-1, 1)), [Math.expm1(-1), 1]);
      near(softplus(of(0)), [Math.log(2)]);
      near(nanToNum(of(NaN, Infinity, -Infinity), { nan: 0, posinf: 1, neginf: -1 }), [0, 1, -1]);
    });
  });
});

describe('functions of two', () => {
  test('take tensors and numbers', () => {
    scope(() => {
      const x = of(5, -7);
      near(add(x, x, { alpha: 2 }), [15, -21]);
      near(add(x, 1, { alpha: 2 }), [7, -5]);
      near(sub(x, of(1, 2)), [4, -9]);
      near(sub(x, 1, { alpha: 3 }), [2, -10]);
      near(x.mul(2), [10, -14]);
      near(div(x, 2), [2.5, -3.5]);
      near(div(x, of(2, 2), { roundingMode: 'floor' }), [2, -4]);
      near(div(x, 2, { roundingMode: 'trunc' }), [2, -3]);
      near(floorDivide(x, 2), [2, -4]);
      near(remainder(x, 3), [2, 2]);
      near(fmod(x, 3), [2, -1]);
      near(pow(x, 2), [25, 49]);
      near(pow(2, of(3, -1)), [8, 0.5]);
      near(pow(of(2, 3), of(3, 2)), [8, 9]);
      near(maximum(x, of(0, 0)), [5, 0]);
      near(minimum(x, of(0, 0)), [0, -7]);
      near(atan2(of(1), of(-1)), [(3 * Math.PI) / 4]);
    });
  });

  test('broadcast', () => {
    scope(() => {
      const sums = add(tensor([[1], [2]]), of(10, 20));
      expect(sums.tolist()).toEqual([
        [11, 21],
        [12, 22],
      ]);
      expect(() => add(zeros([2]), zeros([3]))).toThrow(/\[PAL_\w+\] aten::add/);
    });
  });

  test('add commutes and sub undoes it, for whole numbers', () => {
    const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: -1000, max: 1000 }), (list, n) => {
        scope(() => {
          const [x, y] = [tensor(list), tensor(list.map((value) => value * n))];
          expect(values(add(x, y))).toEqual(values(add(y, x)));
          expect(values(sub(add(x, y), y)).map((v) => v + 0)).toEqual(list.map((v) => v + 0));
        });
      }),
    );
  });

  test('promote dtypes as libtorch does', () => {
    scope(() => {
      const [ints, floats, halves, bools] = [tensor([1n]), of(1), tensor([1], { dtype: 'bfloat16' }), tensor([true])];
      expect(add(ints, 2).dtype).toBe('int64');
      expect(add(ints, 2.5).dtype).toBe('float32');
      expect(add(floats, 2n).dtype).toBe('float32');
      expect(add(ints, floats).dtype).toBe('float32');
      expect(add(halves, 2.5).dtype).toBe('bfloat16');
      expect(add(halves, floats).dtype).toBe('float32');
      expect(add(bools, 1).dtype).toBe('int64');
      expect(add(bools, bools).dtype).toBe('bool');
      expect(div(ints, 2).dtype).toBe('float32');
      expect(add(floats, tensor(1, { dtype: 'float64' })).dtype).toBe('float32');
    });
  });

  test('refuse what is no tensor or number', () => {
    scope(() => {
      for (const wrong of ['1', null, undefined, [1], {}]) {
        expect(() => add(zeros([1]), wrong as never)).toThrow(/PAL_ARGUMENT/);
        expect(() => add(wrong as never, 1)).toThrow(/PAL_ARGUMENT/);
      }
    });
  });
});

describe('functions of three', () => {
  test('clamp, where, lerp, addcmul, addcdiv', () => {
    scope(() => {
      const x = of(-2, 0.5, 2);
      near(clamp(x, { min: -1, max: 1 }), [-1, 0.5, 1]);
      near(clamp(x, { max: 0 }), [-2, 0, 0]);
      near(clamp(x, { min: of(0, 1, 3) }), [0, 1, 3]);
      expect(() => clamp(x, {})).toThrow(/\[PAL_/);
      const mask = x.gt(0);
      near(where(mask, x, -1), [-1, 0.5, 2]);
      near(where(mask, 0, x), [-2, 0, 0]);
      near(where(mask, x, x.neg()), [2, 0.5, 2]);
      near(where(mask, 1, 0), [0, 1, 1]);
      near(lerp(of(0, 10), of(10, 20), 0.25), [2.5, 12.5]);
      near(lerp(of(0), of(10), of(0.5)), [5]);
      near(addcmul(of(1), of(2), of(3), { value: 10 }), [61]);
      near(addcdiv(of(1), of(6), of(3)), [3]);
    });
  });
});

describe('softmax', () => {
  test('sums to one and can widen the dtype', () => {
    scope(() => {
      const x = tensor([[1, 2, 3]], { dtype: 'bfloat16' });
      const y = softmax(x, -1, { dtype: 'float32' });
      expect(y.dtype).toBe('float32');
      near(y, [0.0900306, 0.2447285, 0.6652409]);
      near(x.logSoftmax(-1, { dtype: 'float32' }).exp(), values(y));
    });
  });
});
