import { describe, expect, test } from '@jest/globals';
import { dequantizeRows, quantizeRows, quantizedLinearReference } from '../../../lib/nn/index.js';
import type { WeightLayout } from '../../../lib/nn/index.js';
import { Generator, quantizedLinear, randn, tensor } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const row = (values: number[]) => tensor(values, { shape: [1, values.length] });
const distance = (a: Tensor, b: Tensor) => a.detach().to('float64').sub(b.detach().to('float64')).abs().max().item();
const layouts: readonly WeightLayout[] = [32, 64, 128].flatMap((group): WeightLayout[] => [
  { format: 'int8', group },
  { format: 'int4', group, zeroPoint: false },
  { format: 'int4', group, zeroPoint: true },
]);
const named = layouts.map((layout) => [JSON.stringify(layout), layout] as const);

describe('quantizeRows by groups', () => {
  test('int4 without offsets: the largest magnitude is −8 factors, byte j has numbers j and j + 16', () => {
    const values = Array.from({ length: 32 }, (_, i) => (i === 3 ? -8 : i === 19 ? 6.5 : i === 16 ? 1 : 0));
    const { weight, scale } = quantizeRows(row(values), { format: 'int4', zeroPoint: false });
    expect(scale!.to('float32').tolist()).toEqual([[1]]);
    const bytes = Array.from({ length: 16 }, () => 0x88);
    [bytes[0], bytes[3]] = [0x98, 0xf0];
    expect(weight.tolist()).toEqual([bytes]);
    expect(dequantizeRows({ weight, scale }).select(0, 0).tolist()).toEqual(values.map((v) => Math.round(v)));
  });

  test('int4 with offsets: the least number is 0, the largest 15', () => {
    const values = Array.from({ length: 32 }, (_, i) => 2 + (i % 16) / 2);
    const held = quantizeRows(row(values), 'int4');
    expect(held.scale!.to('float32').tolist()).toEqual([[[0.5, 2]]]);
    expect(dequantizeRows(held).select(0, 0).tolist()).toEqual(values);
  });

  test('int8: halves go away from zero, each group has its factor', () => {
    const values = Array.from({ length: 64 }, (_, i) =>
      i === 0 ? 127 : i === 1 ? 0.5 : i === 2 ? -1.5 : i === 32 ? 254 : 0,
    );
    const { weight, scale } = quantizeRows(row(values), { format: 'int8', group: 32 });
    expect(scale!.to('float32').tolist()).toEqual([[1, 2]]);
    expect(weight.narrow(1, 0, 4).tolist()).toEqual([[127, 1, -2, 0]]);
  });

  test.each(named)('%s: zeros stay zeros, an outlier costs its own group alone', (_, layout) => {
    using generator = new Generator(1);
    const { group = 32 } = layout;
    const values = randn([3, 4 * group], { generator }).mul_(0.1);
    values.narrow(0, 0, 1).narrow(1, 0, 1).fill_(100);
    values.narrow(0, 1, 1).fill_(0);
    const held = quantizeRows(values, layout);
    const off = dequantizeRows(held).sub(values).abs();
    expect(off.select(0, 1).max().item()).toBe(0);
    expect(off.select(0, 0).narrow(0, group, group).max().item()).toBeLessThan(0.06);
    const factors = held.scale!.ndim === 3 ? held.scale!.select(2, 0) : held.scale!;
    const most = layout.zeroPoint === false ? 1.01 : 0.51;
    const bound = factors
      .to('float32')
      .abs()
      .mul(most)
      .add(
        values
          .abs()
          .amax(1, { keepdim: true })
          .mul(2 ** -10),
      );
    const worst = off.reshape([3, 4, group]).amax(2).sub(bound);
    expect(worst.max().item()).toBeLessThanOrEqual(0);
  });

  test('rows that groups do not fill are held in int8 with a factor each', () => {
    using generator = new Generator(2);
    const held = quantizeRows(randn([2, 70], { generator }), 'int4');
    expect([held.weight.dtype, held.weight.shape, held.scale!.shape]).toEqual(['int8', [2, 70], [2]]);
    const whole = quantizeRows(randn([1, 4320], { generator }), 'int4');
    expect(whole.scale!.shape).toEqual([1, 135, 2]);
  });

  test('a factor beyond float16 is refused', () => {
    const large = row(Array.from({ length: 32 }, () => 1e6));
    expect(() => quantizeRows(large, 'int4')).toThrow(expect.objectContaining({ code: 'PAL_NON_FINITE' }));
  });
});

describe('quantizedLinear by groups', () => {
  /** Rows, width in groups, rows of x: one, odd numbers, more groups than are taken at once, several blocks. */
  const sizes = [
    [1, 1, 1],
    [5, 3, 1],
    [7, 18, 2],
    [33, 2, 3],
    [9, 20, 7],
    [6, 2, 8],
    [6, 3, 19],
  ] as const;

  test.each(named)('%s: is its slow reference, forward and backward', (_, layout) => {
    using generator = new Generator(3);
    for (const [out, groups, count] of sizes) {
      const width = groups * layout.group!;
      const held = quantizeRows(randn([out, width], { generator }), layout);
      const [x, bias] = [randn([count, width], { generator }), randn([out], { generator })];
      const [fast, slow] = [x, x.to('float64')].map((input) => input.clone().requiresGrad_()) as [Tensor, Tensor];
      const y = quantizedLinear(fast, held.weight, { scale: held.scale, bias });
      const expected = quantizedLinearReference(slow, held, bias);
      y.square().sum().backward();
      expected.square().sum().backward();
      expect(distance(y, expected)).toBeLessThan(1e-5 * width ** 0.5);
      expect(distance(fast.grad!, slow.grad!)).toBeLessThan(1e-4 * (width * out) ** 0.5);
    }
  });

  test.each(named)('%s: a row of few does not depend on the others', (_, layout) => {
    using generator = new Generator(4);
    const held = quantizeRows(randn([21, 5 * layout.group!], { generator }), layout);
    const x = randn([8, 5 * layout.group!], { generator });
    const all = quantizedLinear(x, held.weight, { scale: held.scale });
    for (let n = 0; n < 8; ++n) {
      const some = quantizedLinear(x.narrow(0, 0, n + 1), held.weight, { scale: held.scale });
      expect(distance(some, all.narrow(0, 0, n + 1))).toBe(0);
    }
  });

  test('factors differ by row and group: no slip of an index', () => {
    const [R, G] = [9, 37];
    const scale = tensor(
      Float32Array.from({ length: R * G }, (_, i) => 1 + i),
      { shape: [R, G] },
    );
    const bytes = tensor(new Int8Array(R * G * 32).fill(1), { shape: [R, G * 32], dtype: 'int8' });
    const nibbles = tensor(new Uint8Array(R * G * 16).fill(0x99), { shape: [R, G * 16], dtype: 'uint8' });
    const expected = Array.from({ length: R }, (_, r) => 32 * (G * (r * G + 1) + (G * (G - 1)) / 2));
    for (const weight of [bytes, nibbles]) {
      const y = quantizedLinear(tensor(new Float32Array(G * 32).fill(1), { shape: [1, G * 32] }), weight, { scale });
      expect(y.select(0, 0).tolist()).toEqual(expected);
    }
  });

  test('every number of four bits and its places', () => {
    const scale = tensor([2], { shape: [1, 1] });
    for (let place = 0; place < 32; ++place) {
      const x = row(Array.from({ length: 32 }, (_, i) => (i === place ? 1 : 0)));
      for (let q = 0; q < 16; ++q) {
        const data = new Uint8Array(16).fill(0x88);
        data[place % 16] = place < 16 ? 0x80 + q : 16 * q + 8;
        const weight = tensor(data, { shape: [1, 16], dtype: 'uint8' });
        expect(quantizedLinear(x, weight, { scale }).item()).toBe(2 * (q - 8));
      }
    }
  });

  test('large activations stay finite', () => {
    const weight = tensor(new Uint8Array(2048), { shape: [1, 2048], dtype: 'uint8' });
    const scale = tensor(new Float32Array(128).fill(1), { shape: [1, 128] }).to('float16');
    const x = tensor(new Float32Array(4096).fill(3000), { shape: [1, 4096] });
    expect(quantizedLinear(x, weight, { scale }).item()).toBe(-8 * 3000 * 4096);
  });

  test('groups that do not fill the rows, and a scale of another shape are errors', () => {
    const x = tensor(new Float32Array(64), { shape: [1, 64] });
    const weight = tensor(new Uint8Array(32), { shape: [1, 32], dtype: 'uint8' });
    const call = (scale?: Tensor) => quantizedLinear(x, weight, { scale });
    expect(() => call()).toThrow(/scale/);
    expect(() => call(tensor([1]))).toThrow(/scale/);
    expect(() => call(tensor([1, 2, 3], { shape: [1, 3] }))).toThrow(/multiple of 32/);
    expect(() => call(tensor([1, 2, 3], { shape: [1, 1, 3] }))).toThrow(/scale/);
    expect(() => call(tensor([1, 2], { shape: [2, 1] }))).toThrow(/scale/);
    expect(call(tensor([1, 2], { shape: [1, 2] })).item()).toBe(0);
  });
});
