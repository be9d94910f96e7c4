import { describe, expect, test } from '@jest/globals';
import { SlidingWindowAttention, SoftmaxAttention, documentMask } from '../../../lib/nn/index.js';
import {
  allclose,
  arange,
  grad,
  manualSeed,
  matmul,
  memory,
  ones,
  randint,
  randn,
  scope,
} from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const evaluating = { dropout: 0 };

interface Heads {
  q: Tensor;
  keys: Tensor;
  values: Tensor;
}

/** Four query heads over two of keys and values. */
function newHeads(T: number, S = T): Heads {
  manualSeed(8);
  const leaf = (heads: number, time: number) => randn([2, heads, time, 4]).requiresGrad_(true);
  return { q: leaf(4, T), keys: leaf(2, S), values: leaf(2, S) };
}

/** The mixture by weights that are held. */
function openly(kernel: SlidingWindowAttention, { q, keys, values }: Heads, mask?: Tensor): Tensor {
  return matmul(kernel.weights(q, keys, { ...evaluating, mask }), values.repeatInterleave(2, 1));
}

test('by hand: a window of 2 sees the token and the one before it', () => {
  scope(() => {
    const same = ones([1, 1, 4, 2]);
    const weights = new SlidingWindowAttention(2).weights(same, same, evaluating); // 1 1 4 4
    expect(weights.reshape([4, 4]).tolist()).toEqual([
      [1, 0, 0, 0],
      [0.5, 0.5, 0, 0],
      [0, 0.5, 0.5, 0],
      [0, 0, 0.5, 0.5],
    ]);
  });
});

describe.each([
  ['one block', 40, 40, 7],
  ['blocks of 64, the last one short', 150, 150, 10],
  ['a window longer than the least block', 200, 200, 70],
  ['windows of one token', 70, 70, 1],
  ['queries after earlier keys', 5, 90, 20],
  ['a lone query', 1, 90, 20],
])('%s: T %i, S %i, window %i', (_, T, S, window) => {
  test('outputs and gradients are those of the weights', () => {
    scope(() => {
      const kernel = new SlidingWindowAttention(window);
      const heads = newHeads(T, S);
      const inputs = [heads.q, heads.keys, heads.values];
      const outputs = [kernel.forward(heads.q, heads.keys, heads.values, evaluating), openly(kernel, heads)];
      expect(allclose(outputs[0]!, outputs[1]!, { atol: 1e-5 })).toBe(true);
      const direction = randn(outputs[0]!.shape);
      const [ours, theirs] = outputs.map((output) => grad(output.mul(direction).sum(), inputs));
      ours!.forEach((gradient, i) => expect(allclose(gradient, theirs![i]!, { atol: 1e-4 })).toBe(true));
    });
  });
});

test('packed documents stay apart within the window', () => {
  scope(() => {
    const kernel = new SlidingWindowAttention(9);
    const heads = newHeads(100);
    const mask = documentMask(randint(0, 2, [2, 100], { dtype: 'int64' }).cumsum(1).floorDivide(5));
    const mixed = kernel.forward(heads.q, heads.keys, heads.values, { ...evaluating, mask });
    expect(allclose(mixed, openly(kernel, heads, mask), { atol: 1e-5 })).toBe(true);
    const weights = kernel.weights(heads.q, heads.keys, { ...evaluating, mask });
    expect(weights.maskedFill(mask, 0).abs().max().item()).toBe(0);
  });
});

test('queries whose cache positions are given see the window before them, whatever the capacity', () => {
  scope(() => {
    const kernel = new SlidingWindowAttention(4);
    const { q, keys, values } = newHeads(2, 32);
    const cachePositions = arange(9, 11, 1, { dtype: 'int64' });
    const mask = arange(32, { dtype: 'int64' }).le(cachePositions.unsqueeze(1));
    const mixed = kernel.forward(q, keys, values, { ...evaluating, mask, cachePositions });
    const cut = { q, keys: keys.narrow(2, 0, 11), values: values.narrow(2, 0, 11) };
    expect(allclose(mixed, openly(kernel, cut), { atol: 1e-5 })).toBe(true);
  });
});

test('memory grows in line with the tokens', () => {
  const kernel = new SlidingWindowAttention(64);
  const [short, long] = [1024, 4096].map((T) => {
    const { q, keys, values } = newHeads(T);
    const before = memory.stats().allocatedBytes;
    memory.resetPeak();
    scope(() => {
      kernel.forward(q, keys, values, evaluating).sum().backward();
    });
    return memory.stats().peakAllocatedBytes - before;
  });
  expect(long! / short!).toBeLessThan(4.5);
});

test('a window over all tokens is softmax attention to the bit', () => {
  scope(() => {
    const { q, keys, values } = newHeads(30);
    const both = [new SlidingWindowAttention(30), new SoftmaxAttention()];
    const [ours, plain] = both.map((kernel) => kernel.forward(q, keys, values, evaluating).tolist());
    expect(ours).toEqual(plain);
  });
});

test('says its window, which is positive', () => {
  expect(String(new SlidingWindowAttention(3))).toBe('SlidingWindowAttention(3 tokens)');
  expect(() => new SlidingWindowAttention(0)).toThrow(/\[PAL_ARGUMENT\] SlidingWindowAttention.*window/);
});
