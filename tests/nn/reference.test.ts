import { describe, expect, test } from '@jest/globals';
import { linearCrossEntropyReference as slowLoss, rmsNormReference, rotaryReference } from '../../lib/nn/index.js';
import {
  gradCheck,
  grad,
  linearCrossEntropy,
  linspace,
  manualSeed,
  ones,
  rand,
  randint,
  randn,
  rmsNorm,
  rotary,
  scope,
  tensor,
  withAutocast,
  zeros,
} from '../../lib/tensor/index.js';
import type { DType, LinearCrossEntropyOptions, Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const dtypes: [DType, number][] = [
  ['float64', 1e-12],
  ['float32', 4e-6],
  ['bfloat16', 2 ** -6],
  ['float16', 2 ** -9],
];

const leaf = (shape: number[], dtype: DType) => randn(shape).to(dtype).requiresGrad_(true);

/** The largest element, 0 for none. */
const largest = (x: Tensor) => (x.numel === 0 ? 0 : Number(x.to('float64').abs().max().item()));

/** Within `tolerance` of the largest element, or of `floor` where all are smaller. */
function near(actual: Tensor, expected: Tensor, tolerance: number, floor: number): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(actual.dtype).toBe(expected.dtype);
  const error = largest(actual.to('float64').sub(expected.to('float64')));
  expect(error).toBeLessThanOrEqual(tolerance * Math.max(largest(expected), floor));
}

/**
 * Fast and slow agree forward, and in the gradients of all `inputs` under uneven weights, on the scale of the largest
 * element or of `terms`, those that nearly cancel in each gradient.
 */
function agree(
  fast: () => Tensor,
  slow: () => Tensor,
  inputs: Tensor[],
  tolerance: number,
  terms: number[] = [],
): void {
  scope(() => {
    const [actual, expected] = [fast(), slow()];
    near(actual, expected, tolerance, 1e-3);
    const weights = linspace(0.5, 1.5, actual.numel).to('float64').reshape(actual.shape);
    const [ours, theirs] = [actual, expected].map((y) => grad(y.to('float64').mul(weights).sum(), inputs));
    inputs.forEach((_, i) => near(ours![i]!, theirs![i]!, tolerance, terms[i] ?? 1e-3));
  });
}

/**
 * Over one element RMSNorm gives nearly the sign of x: its gradients are small differences of terms, of which the largest
 * are weight / |x| and 1. That the fast one's errors are no more than the slow one's is shown in tests/parity.
 */
function termsOfRmsNorm(x: Tensor, weight: Tensor): number[] {
  if (x.shape.at(-1) !== 1) return [];
  return [largest(weight) * largest(x.to('float64').square().add(1e-5).rsqrt()), 1];
}

describe.each(dtypes)('%s', (dtype, tolerance) => {
  test.each([[[3, 5]], [[1, 7]], [[2, 1, 33]], [[4, 1]], [[1, 1]], [[0, 5]], [[5]], [[2, 3, 64]]])(
    'rmsNorm %j',
    (shape) => {
      manualSeed(1);
      const width = shape.at(-1)!;
      const [x, weight] = [leaf(shape, dtype), leaf([width], dtype)];
      agree(
        () => rmsNorm(x, [width]),
        () => rmsNormReference(x),
        [x],
        tolerance,
        termsOfRmsNorm(x, ones([1])),
      );
      const options = { weight, eps: 1e-5 };
      agree(
        () => rmsNorm(x, [width], options),
        () => rmsNormReference(x, options),
        [x, weight],
        tolerance,
        termsOfRmsNorm(x, weight),
      );
    },
  );

  test.each([[[2, 3, 5, 6]], [[1, 1, 1, 2]], [[1, 2, 7, 34]], [[0, 2, 3, 4]]])('rotary %j', (shape) => {
    manualSeed(2);
    const x = leaf(shape, dtype);
    const [batch, , time, width] = shape as [number, number, number, number];
    for (const angle of [rand([time, width / 2]).mul(7), rand([batch, time, width / 2]).mul(7)]) {
      const [cos, sin] = [angle.cos(), angle.sin()];
      const wide = dtype === 'float64' ? 'float64' : 'float32';
      agree(
        () => rotary(x, cos, sin),
        () => rotaryReference(x, cos.to(wide), sin.to(wide)),
        [x],
        tolerance,
      );
    }
  });

  const options: LinearCrossEntropyOptions[] = [
    {},
    { labelSmoothing: 0.1 },
    { ignoreIndex: 1, zLoss: 0.01 },
    { labelSmoothing: 0.3, zLoss: 0.02, ignoreIndex: 0 },
  ];
  test.each([
    [7, 5, 11],
    [1, 4, 33],
    [1, 1, 2],
    [0, 3, 5],
    [17, 9, 129],
  ])('linearCrossEntropy N %i, C %i, V %i', (N, C, V) => {
    manualSeed(3);
    const [x, weight, bias] = [leaf([N, C], dtype), leaf([V, C], dtype), leaf([V], dtype)];
    const targets = randint(0, V, [N], { dtype: 'int64' });
    for (const each of options) {
      const { count } = linearCrossEntropy(x, weight, targets, each);
      expect(count.item()).toEqual(slowLoss(x, weight, targets, each).count.item());
      const [fast, slow] = [linearCrossEntropy, slowLoss].map(
        (loss) => (more: LinearCrossEntropyOptions) => loss(x, weight, targets, { ...each, ...more }).lossSum,
      );
      agree(
        () => fast!({}),
        () => slow!({}),
        [x, weight],
        tolerance,
      );
      agree(
        () => fast!({ bias }),
        () => slow!({ bias }),
        [x, weight, bias],
        tolerance,
      );
    }
  });
});

describe('worked by hand', () => {
  test('rmsNorm divides by the root of the mean square', () => {
    const x = tensor([[3, 4]]);
    const root = Math.sqrt(12.5);
    for (const y of [rmsNorm(x, [2], { eps: 0 }), rmsNormReference(x, { eps: 0 })]) {
      expect([...(y.data() as Float32Array)]).toEqual([3 / root, 4 / root].map((value) => expect.closeTo(value, 6)));
    }
  });

  test('rotary by a quarter turn sends (x₁, x₂) to (−x₂, x₁)', () => {
    const x = tensor([[[[1, 2, 3, 4]]]]);
    const [cos, sin] = [zeros([1, 2]), tensor([[1, 1]])];
    for (const turn of [rotary, rotaryReference]) {
      expect([...(turn(x, cos, sin).data() as Float32Array)]).toEqual([-3, -4, 1, 2]);
    }
  });

  test('a uniform head costs ln V a token, and its z-term (ln V)²', () => {
    const [x, weight] = [zeros([3, 2]), zeros([4, 2])];
    const targets = tensor([0, -100, 3], { dtype: 'int64' });
    for (const loss of [linearCrossEntropy, slowLoss]) {
      const { lossSum, count } = loss(x, weight, targets, { labelSmoothing: 0.2, zLoss: 0.5 });
      expect(lossSum.item()).toBeCloseTo(2 * (Math.log(4) + 0.5 * Math.log(4) ** 2), 5);
      expect(Number(count.item())).toBe(2);
    }
  });
});

test('autocast computes the head in the short dtype and its gradients in the weights’ own', () => {
  manualSeed(4);
  const [x, weight] = [leaf([6, 8], 'float32'), leaf([50, 8], 'float32')];
  const targets = randint(0, 50, [6], { dtype: 'int64' });
  const exact = slowLoss(x, weight, targets).lossSum;
  const short = withAutocast('bfloat16', () => linearCrossEntropy(x, weight, targets).lossSum);
  near(short, exact, 1e-2, 0);
  expect(short.item()).not.toBe(exact.item());
  const [ours, theirs] = [grad(short, [x, weight]), grad(exact, [x, weight])];
  ours.forEach((gradient, i) => near(gradient, theirs[i]!, 3e-2, 0));
});

test('the fast gradients agree with differences', () => {
  manualSeed(5);
  const [x, weight] = [leaf([3, 5], 'float64'), leaf([5], 'float64')];
  expect(() => gradCheck((a, b) => rmsNorm(a, [5], { weight: b }), [x, weight])).not.toThrow();
  const angle = rand([4, 3]).mul(7);
  expect(() => gradCheck((q) => rotary(q, angle.cos(), angle.sin()), [leaf([2, 1, 4, 6], 'float64')])).not.toThrow();
  const targets = tensor([1, 0, -100], { dtype: 'int64' });
  const head = leaf([4, 5], 'float64');
  const options = { labelSmoothing: 0.1, zLoss: 0.01 };
  expect(() => gradCheck((a, w) => linearCrossEntropy(a, w, targets, options).lossSum, [x, head])).not.toThrow();
});

test('errors name the operator', () => {
  expect(() => rotary(zeros([1, 1, 2, 4]), zeros([3, 2]), zeros([3, 2]))).toThrow(/palabra::rotary/);
  const targets = tensor([4], { dtype: 'int64' });
  expect(() => linearCrossEntropy(zeros([1, 2]), zeros([4, 2]), targets)).toThrow(/from 0 to 3 .*received 4/);
  expect(() => rmsNormReference(zeros([2, 3]), { weight: zeros([4]) })).toThrow(/PAL_SHAPE/);
});
