import { describe, expect, test } from '@jest/globals';
import { dequantizeRows, quantizeRows, quantizedLinearReference, weightFormats } from '../../../lib/nn/index.js';
import { Generator, quantizedLinear, randn, tensor, withAutocast, withGenerator } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const rows = (values: number[][]) => tensor(values.flat(), { shape: [values.length, values[0]!.length] });
const distance = (a: Tensor, b: Tensor) => a.detach().to('float64').sub(b.detach().to('float64')).abs().max().item();

describe('quantizeRows', () => {
  test('int8: the largest magnitude of a row is 127, halves go away from zero', () => {
    const { weight, scale } = quantizeRows(
      rows([
        [127, 0.5, -0.5, 1.5, -2.5, 0.49999997],
        [0, 0, 0, 0, 0, -0],
        [254, -254, 1, -1, 3, 0.9],
      ]),
      'int8',
    );
    expect(weight.dtype).toBe('int8');
    expect(weight.tolist()).toEqual([
      [127, 1, -1, 2, -3, 0],
      [0, 0, 0, 0, 0, 0],
      [127, -127, 1, -1, 2, 0],
    ]);
    expect(scale!.tolist()).toEqual([1, 0, 2]);
  });

  test('int8: −128 never occurs, and no number is further off than half a step', () => {
    using generator = new Generator(1);
    const weight = randn([40, 300], { generator }).mul_(randn([40, 1], { generator }).exp());
    const held = quantizeRows(weight, 'int8');
    expect(held.weight.to('int64').min().item()).toBe(-127);
    const off = dequantizeRows(held).sub(weight).abs().div(held.scale!.unsqueeze(1));
    expect(off.max().item()).toBeLessThanOrEqual(0.5 + 1e-5);
  });

  test('int8: denormal, constant and largest numbers', () => {
    const small = 2 ** -149;
    const weight = rows([
      [190 * small, -small, 0],
      [3, 3, 3],
      [3.4e38, -3.4e38, 1e38],
    ]);
    const held = quantizeRows(weight, 'int8');
    const off = dequantizeRows(held).sub(weight).abs().sub(held.scale!.mul(0.50001).unsqueeze(1));
    expect(off.max().item()).toBeLessThanOrEqual(0);
    expect(held.weight.select(0, 1).tolist()).toEqual([127, 127, 127]);
  });

  test.each(weightFormats)('%s: NaN and infinity are refused', (format) => {
    for (const bad of [NaN, Infinity, -Infinity])
      expect(() => quantizeRows(rows([[1, bad]]), format)).toThrow(expect.objectContaining({ code: 'PAL_NON_FINITE' }));
  });

  test('bfloat16 holds what it can say bit by bit', () => {
    using generator = new Generator(2);
    const exact = randn([5, 7], { generator }).to('bfloat16');
    const held = quantizeRows(exact.to('float32'), 'bfloat16');
    expect(held.scale).toBeUndefined();
    expect(distance(held.weight, exact)).toBe(0);
  });
});

describe('quantizedLinear', () => {
  /** Rows, width, rows of x: odd sizes, one row, several blocks of a weight, nothing. */
  const sizes = [
    [5, 7, 1],
    [33, 65, 3],
    [40, 96, 8],
    [70, 129, 9],
    [1, 1, 1],
    [1100, 1024, 20],
    [1100, 1024, 2],
    [6, 32, 0],
  ] as const;

  test.each(weightFormats.flatMap((format) => sizes.map((size) => [format, ...size] as const)))(
    '%s: is its slow reference, %d × %d for %d rows',
    (format, out, width, count) => {
      using generator = new Generator(3);
      const held = quantizeRows(randn([out, width], { generator }), format);
      const [x, bias] = [randn([count, width], { generator }), randn([out], { generator })];
      const [fast, slow] = [x, x.to('float64')].map((input) => input.clone().requiresGrad_()) as [Tensor, Tensor];
      const grad = randn([count, out], { generator });
      const y = quantizedLinear(fast, held.weight, { scale: held.scale, bias });
      const expected = quantizedLinearReference(slow, held, bias);
      y.mul(grad).sum().backward();
      expected.mul(grad.to('float64')).sum().backward();
      if (count === 0) return expect(y.shape).toEqual([0, out]);
      const bound = 2e-6 * Math.max(width, out) ** 0.5;
      const largest = held.scale === undefined ? 4 : held.scale.max().item() * 127;
      expect(distance(y, expected)).toBeLessThan(bound * largest * 4);
      expect(distance(fast.grad!, slow.grad!)).toBeLessThan(bound * largest * 4);
    },
  );

  test.each(weightFormats)('%s: a row of few does not depend on the others', (format) => {
    using generator = new Generator(4);
    const held = quantizeRows(randn([50, 77], { generator }), format);
    const x = randn([7, 77], { generator });
    const all = quantizedLinear(x, held.weight, { scale: held.scale });
    for (let n = 0; n < 7; ++n) {
      const alone = quantizedLinear(x.narrow(0, n, 1), held.weight, { scale: held.scale });
      expect(distance(alone, all.narrow(0, n, 1))).toBe(0);
    }
  });

  test('factors differ by row: no slip of an index', () => {
    const held = { weight: tensor(new Int8Array(300).fill(1), { shape: [100, 3], dtype: 'int8' }) };
    const scale = tensor(Float32Array.from({ length: 100 }, (_, i) => 1 + i));
    const y = (count: number) =>
      quantizedLinear(tensor(new Float32Array(3 * count).fill(1), { shape: [count, 3] }), held.weight, { scale });
    for (const count of [1, 5, 20])
      expect(
        y(count)
          .select(0, count - 1)
          .tolist(),
      ).toEqual(Array.from({ length: 100 }, (_, i) => 3 * (1 + i)));
  });

  test('extreme sums stay finite', () => {
    const weight = tensor(new Int8Array(4096).fill(-127), { shape: [1, 4096], dtype: 'int8' });
    const x = tensor(new Float32Array(4096).fill(3000), { shape: [1, 4096] });
    expect(quantizedLinear(x, weight, { scale: tensor([1]) }).item()).toBe(-127 * 3000 * 4096);
  });

  test('under autocast the result is short', () => {
    using generator = new Generator(5);
    const held = withGenerator(generator, () => quantizeRows(randn([16, 32]), 'int8'));
    const x = randn([20, 32], { generator });
    const y = withAutocast('bfloat16', () => quantizedLinear(x, held.weight, { scale: held.scale }));
    expect(y.dtype).toBe('bfloat16');
    expect(distance(y, quantizedLinearReference(x, held))).toBeLessThan(0.2);
  });

  test('a weight that should be trained, a scale that is missing or misshapen are errors', () => {
    const x = tensor([1, 2], { shape: [1, 2] });
    const int8 = tensor(new Int8Array([1, 2]), { shape: [1, 2], dtype: 'int8' });
    expect(() => quantizedLinear(x, int8)).toThrow(/scale/);
    expect(() => quantizedLinear(x, int8, { scale: tensor([1, 2]) })).toThrow(/scale/);
    expect(() => quantizedLinear(x, x)).toThrow(/bfloat16/);
    expect(() => quantizedLinear(x, x.to('bfloat16').requiresGrad_())).toThrow(/Dequantise/);
    expect(() => quantizedLinear(tensor([1], { shape: [1, 1] }), int8, { scale: tensor([1]) })).toThrow(
      /expected dense x/,
    );
  });
});
