import { describe, expect, test } from '@jest/globals';
import {
  grad,
  gradCheck,
  linear,
  linspace,
  manualSeed,
  randn,
  scope,
  tensor,
  withAutocast,
} from '../../../lib/tensor/index.js';
import type { DType, Tensor } from '../../../lib/tensor/index.js';

const dtypes: [DType, number][] = [
  ['float64', 1e-12],
  ['float32', 2e-6],
  ['bfloat16', 2 ** -6],
  ['float16', 2 ** -9],
];

/** x (…, I), O. */
const sizes: [number[], number][] = [
  [[3, 5], 4],
  [[2, 3, 17], 33],
  [[1, 1], 1],
  [[7], 3],
  [[0, 4], 3],
  [[2, 0], 3],
  [[1, 64], 128],
  [[96, 64], 48],
];

const leaf = (shape: number[], dtype: DType) => randn(shape).to(dtype).requiresGrad_(true);

/** The slow twin: a product with the transposed weight, then the sum. */
function slowLinear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const y = x.matmul(weight.transpose(0, 1));
  return bias === undefined ? y : y.add(bias);
}

function near(actual: Tensor, expected: Tensor, tolerance: number): void {
  expect([actual.shape, actual.dtype]).toEqual([expected.shape, expected.dtype]);
  if (actual.numel === 0) return;
  const wide = expected.to('float64');
  const error = Number(actual.to('float64').sub(wide).abs().max().item());
  expect(error).toBeLessThanOrEqual(tolerance * Math.max(1, Number(wide.abs().max().item())));
}

/** Results and gradients agree under uneven weights. */
function agree(x: Tensor, weight: Tensor, bias: Tensor | undefined, tolerance: number): void {
  scope(() => {
    const inputs = [x, weight, ...(bias ? [bias] : [])];
    const [fast, slow] = [linear(x, weight, bias), slowLinear(x, weight, bias)];
    near(fast, slow, tolerance);
    const slope = linspace(0.5, 1.5, slow.numel).to(slow.dtype).reshape(slow.shape);
    const [ours, theirs] = [fast, slow].map((y) => grad(y.mul(slope).sum(), inputs));
    ours!.forEach((gradient, i) => near(gradient, theirs![i]!, tolerance));
  });
}

describe.each(dtypes)('linear in %s', (dtype, tolerance) => {
  test.each(sizes)('x %j to width %i', (shape, out) => {
    manualSeed(1);
    const [x, weight, bias] = [leaf(shape, dtype), leaf([out, shape.at(-1)!], dtype), leaf([out], dtype)];
    agree(x, weight, undefined, tolerance);
    agree(x, weight, bias, tolerance);
  });

  test('inputs and weights in any layout', () => {
    manualSeed(2);
    const x = leaf([6, 4], dtype).transpose(0, 1);
    const weight = leaf([6, 8], dtype).transpose(0, 1);
    agree(x, weight, undefined, tolerance);
    agree(leaf([4, 1], dtype).expand([4, 6]), leaf([8, 12], dtype).narrow(1, 3, 6), undefined, tolerance);
  });
});

test('a gradient of ones, which holds one number, is read in full', () => {
  manualSeed(3);
  const [x, weight] = [leaf([5, 3], 'float32'), leaf([2, 3], 'float32')];
  const [ours, theirs] = [linear, slowLinear].map((map) => grad(map(x, weight).sum(), [x, weight]));
  ours!.forEach((gradient, i) => near(gradient, theirs![i]!, 1e-6));
});

test('only the gradients that are wanted are formed', () => {
  const [x, weight] = [randn([5, 3]), leaf([2, 3], 'float32')];
  linear(x, weight).sum().backward();
  expect(x.grad).toBeUndefined();
  expect(weight.grad?.shape).toEqual([2, 3]);
});

test('the gradients agree with differences, and have gradients themselves', () => {
  manualSeed(4);
  const [x, weight, bias] = [leaf([3, 5], 'float64'), leaf([4, 5], 'float64'), leaf([4], 'float64')];
  expect(() => gradCheck((a, w, b) => linear(a, w, b), [x, weight, bias])).not.toThrow();
  const second = (map: typeof linear) => {
    const first = grad(map(x, weight, bias).pow(3).sum(), [x, weight], { createGraph: true });
    return grad(first[0]!.square().sum().add(first[1]!.sum()), [x, weight, bias]);
  };
  const [ours, theirs] = [second(linear), second(slowLinear)];
  ours.forEach((gradient, i) => near(gradient, theirs[i]!, 1e-12));
});

test('what the fast product is not made for goes the plain way', () => {
  const whole = linear(tensor([[1, 2]], { dtype: 'int64' }), tensor([[3, 4]], { dtype: 'int64' }));
  expect(whole.tolist()).toEqual([[11]]);
  expect(linear(tensor([[1, 2]]), tensor([3, 4])).tolist()).toEqual([11]);
  expect(() => linear(randn([2, 3]), randn([4, 5]))).toThrow('[PAL_');
  expect(() => linear(randn([2, 3]), randn([4, 3]).to('float64'))).toThrow('[PAL_');
});

test('autocast runs it in the short dtype', () => {
  manualSeed(5);
  const [x, weight, bias] = [leaf([6, 8], 'float32'), leaf([5, 8], 'float32'), leaf([5], 'float32')];
  const y = withAutocast('bfloat16', () => linear(x, weight, bias));
  expect(y.dtype).toBe('bfloat16');
  near(y.to('float32'), slowLinear(x, weight, bias), 2e-2);
  const gradients = grad(y.to('float32').sum(), [x, weight, bias]);
  expect(gradients.map(({ dtype }) => dtype)).toEqual(['float32', 'float32', 'float32']);
});
