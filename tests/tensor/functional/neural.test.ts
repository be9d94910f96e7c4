import { describe, expect, test } from '@jest/globals';
import { documentMask } from '../../../lib/nn/index.js';
import {
  Generator,
  allclose,
  backward,
  crossEntropy,
  causalAttention,
  dropout,
  embedding,
  full,
  gradCheck,
  layerNorm,
  linear,
  linearCrossEntropy,
  lstm,
  manualSeed,
  memory,
  ones,
  randn,
  rmsNorm,
  rotary,
  scaledDotProductAttention,
  scope,
  silu,
  swiglu,
  tensor,
  zeros,
} from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';

const float64 = { dtype: 'float64', requiresGrad: true } as const;

describe('embedding', () => {
  test('takes rows', () => {
    scope(() => {
      const weight = tensor([
        [1, 2],
        [3, 4],
      ]);
      expect(embedding(tensor([[1n, 0n]]), weight).tolist()).toEqual([
        [
          [3, 4],
          [1, 2],
        ],
      ]);
      expect(() => embedding(tensor([2n]), weight)).toThrow(/\[PAL_/);
      expect(() => embedding(tensor([1]), weight)).toThrow(/\[PAL_/);
    });
  });
});

describe('norms', () => {
  test('layerNorm centres and scales', () => {
    scope(() => {
      const y = layerNorm(tensor([[1, 3]]), [2], { weight: tensor([2, 2]), bias: tensor([1, 1]), eps: 0 });
      expect(y.tolist()).toEqual([[-1, 3]]);
    });
  });

  test('rmsNorm scales by the root mean square', () => {
    scope(() => {
      const x = tensor([[3, 4]]);
      const root = Math.sqrt(12.5);
      expect(allclose(rmsNorm(x, [2], { eps: 0 }), tensor([[3 / root, 4 / root]]))).toBe(true);
      expect(allclose(rmsNorm(x, [2], { weight: tensor([2, 0]), eps: 0 }), tensor([[6 / root, 0]]))).toBe(true);
      expect(rmsNorm(randn([2, 3, 4]), [3, 4]).shape).toEqual([2, 3, 4]);
      expect(() => rmsNorm(x, [3])).toThrow(/PAL_SHAPE/);
    });
  });

  test('have right gradients', () => {
    scope(() => {
      const inputs = [randn([2, 4], float64), randn([4], float64)];
      gradCheck((x, weight) => rmsNorm(x, [4], { weight }), inputs);
      gradCheck((x, weight) => layerNorm(x, [4], { weight, bias: weight }), inputs);
    });
  });
});

describe('swiglu', () => {
  test('is SiLU(gate) times up, with right gradients', () => {
    scope(() => {
      const [gate, up] = [randn([3, 4], float64), randn([3, 4], float64)];
      expect(allclose(swiglu(gate, up), silu(gate).mul(up))).toBe(true);
      gradCheck((a, b) => swiglu(a, b), [gate, up]);
      expect(() => swiglu(gate, randn([4, 3], float64))).toThrow(/PAL_\w+\].*up like gate/);
    });
  });

  test('holds its inputs alone for the backward pass', () => {
    const held = (fn: (gate: Tensor, up: Tensor) => Tensor): number => {
      const [gate, up] = [randn([64, 64]), randn([64, 64])].map((value) => value.keep()) as [Tensor, Tensor];
      gate.requiresGrad = true;
      up.requiresGrad = true;
      const before = memory.stats().allocatedBytes;
      const y = scope(() => fn(gate, up));
      const bytes = memory.stats().allocatedBytes - before;
      for (const value of [y, gate, up]) value.dispose();
      return bytes / (4 * 64 * 64);
    };
    expect(held(swiglu)).toBeCloseTo(1, 1);
    expect(held((gate, up) => silu(gate).mul(up))).toBeCloseTo(2, 1);
  });
});

describe('linear', () => {
  test('holds its input for a weight that is trained alone', () => {
    const held = (trained: boolean): number => {
      const [x, weight] = [randn([64, 32]), randn([8, 32])].map((value) => value.keep()) as [Tensor, Tensor];
      x.requiresGrad = true;
      weight.requiresGrad = trained;
      const before = memory.stats().allocatedBytes;
      const y = scope(() => linear(x.mul(2), weight));
      const bytes = memory.stats().allocatedBytes - before - 4 * 64 * 8;
      scope(() => y.sum().backward());
      expect(allclose(x.grad!, weight.detach().sum(0).mul(2).expand([64, 32]))).toBe(true);
      for (const value of [y, x.grad, weight.grad, x, weight]) value?.dispose();
      return bytes / (4 * 64 * 32);
    };
    expect(held(true)).toBeCloseTo(1, 1);
    expect(held(false)).toBeCloseTo(0, 1);
  });
});

describe('rotary', () => {
  test('rotates pairs by the angle of their position', () => {
    scope(() => {
      const x = tensor([1, 2], { shape: [1, 1, 1, 2] });
      const turned = rotary(x, tensor([[0]]), tensor([[1]]));
      expect(turned.tolist()).toEqual([[[[-2, 1]]]]);
    });
  });

  test('keeps lengths', () => {
    scope(() => {
      const x = randn([2, 3, 5, 8]);
      const angles = randn([5, 4]);
      const y = rotary(x, angles.cos(), angles.sin());
      expect(allclose(y.norm(2, -1), x.norm(2, -1), { rtol: 1e-4 })).toBe(true);
    });
  });
});

describe('causalAttention', () => {
  /** Two rows: documents one after the other, and one whose tokens lie apart. */
  const rows = [
    [0n, 0n, 0n, 4n, 4n, 5n, 2n],
    [1n, 1n, 0n, 0n, 1n, 1n, 3n],
  ];
  const attend = (q: Tensor, k: Tensor, v: Tensor) => causalAttention(q, k, v, { documents: tensor(rows) });

  /** The result and the gradients of all inputs, where the sum of the result times `slope` is differentiated. */
  const differentiate = (compute: typeof attend, inputs: readonly Tensor[], slope: Tensor): Tensor[] => {
    const leaves = inputs.map((input) => input.detach().clone().requiresGrad_()) as [Tensor, Tensor, Tensor];
    const y = compute(...leaves);
    backward(y.mul(slope).sum());
    return [y, ...leaves.map(({ grad }) => grad!)];
  };
  const maskPairs = (q: Tensor, k: Tensor, v: Tensor) =>
    scaledDotProductAttention(q, k, v, { mask: documentMask(tensor(rows)), enableGqa: true });

  test('is as near to float64 as a mask over all pairs of tokens in float32 is, and so are its gradients', () => {
    manualSeed(41);
    scope(() => {
      const inputs = [randn([2, 6, 7, 8]), ...[1, 2].map(() => randn([2, 3, 7, 8]))];
      const slope = randn([2, 6, 7, 8]);
      const exact = differentiate(
        maskPairs,
        inputs.map((input) => input.to('float64')),
        slope.to('float64'),
      );
      const [ours, plain] = [attend, maskPairs].map((compute) =>
        differentiate(compute, inputs, slope).map((value, i) => value.to('float64').sub(exact[i]!).abs().max().item()),
      );
      // Two roundings to nearest of the largest magnitude are owed to any order of summation.
      const rounding = exact.map((value) => value.abs().max().item() * 2 ** -23);
      for (const [i, error] of ours!.entries()) expect(error).toBeLessThanOrEqual(2 * plain![i]! + rounding[i]!);
    });
  });

  test('has right gradients, and says which shapes it takes', () => {
    scope(() => {
      const inputs = [randn([2, 2, 7, 4], float64), ...[1, 2].map(() => randn([2, 1, 7, 4], float64))];
      gradCheck((...leaves) => attend(...(leaves as [Tensor, Tensor, Tensor])), inputs);
      const [q, k] = inputs as [Tensor, Tensor, Tensor];
      expect(() => causalAttention(q, k, k, { documents: zeros([2, 6], { dtype: 'int64' }) })).toThrow(
        /PAL_SHAPE.*documents/s,
      );
    });
  });
});

describe('dropout', () => {
  test('drops the share and scales the rest, and leaves no mask behind', () => {
    using generator = new Generator(1);
    const x = ones([10_000]);
    const before = memory.stats().liveSlots;
    const y = dropout(x, 0.25, { generator });
    expect(memory.stats().liveSlots).toBe(before + 1);
    scope(() => {
      expect(Math.abs(y.eq(0).to('float32').mean().item() - 0.25)).toBeLessThan(0.02);
      expect(y.max().item()).toBeCloseTo(4 / 3, 5);
      generator.manualSeed(1);
      expect(dropout(x, 0.25, { generator }).equal(y)).toBe(true);
    });
    x.dispose();
    y.dispose();
  });

  test('does nothing outside training or with probability 0', () => {
    scope(() => {
      const x = ones([3]);
      expect([dropout(x, 0.5, { training: false }), dropout(x, 0)]).toEqual([x, x]);
      expect(dropout(x, 1).tolist()).toEqual([0, 0, 0]);
      expect(() => dropout(x, 1.5)).toThrow(/PAL_ARGUMENT/);
    });
  });

  test('passes gradients where it kept', () => {
    scope(() => {
      const x = ones([50], { requiresGrad: true });
      const y = dropout(x, 0.5);
      y.sum().backward();
      expect(x.grad?.equal(y.detach())).toBe(true);
    });
  });
});

describe('crossEntropy', () => {
  test('is ln V for uniform logits', () => {
    scope(() => {
      const [logits, targets] = [zeros([3, 4]), tensor([0n, 1n, 3n])];
      expect(crossEntropy(logits, targets).item()).toBeCloseTo(Math.log(4), 6);
      expect(crossEntropy(logits, targets, { reduction: 'sum' }).item()).toBeCloseTo(3 * Math.log(4), 5);
      expect(crossEntropy(logits, targets, { reduction: 'none' }).shape).toEqual([3]);
    });
  });

  test('leaves out ignored targets and smooths', () => {
    scope(() => {
      const logits = tensor([
        [0, Math.log(3)],
        [5, 5],
      ]);
      const targets = tensor([1n, -100n]);
      expect(crossEntropy(logits, targets).item()).toBeCloseTo(-Math.log(0.75), 6);
      const smooth = 0.9 * -Math.log(0.75) + 0.1 * 0.5 * (-Math.log(0.75) - Math.log(0.25));
      expect(crossEntropy(logits, targets, { labelSmoothing: 0.1 }).item()).toBeCloseTo(smooth, 5);
      expect(crossEntropy(logits, tensor([1n, 0n]), { ignoreIndex: 0 }).item()).toBeCloseTo(-Math.log(0.75), 6);
      expect(() => crossEntropy(logits, targets, { reduction: 'avg' as never })).toThrow(/PAL_ARGUMENT/);
    });
  });
});

describe('linearCrossEntropy', () => {
  test('is the cross-entropy of the linear map, summed', () => {
    scope(() => {
      const [x, weight, bias] = [randn([5, 8]), randn([7, 8]), randn([7])];
      const targets = tensor([0n, 6n, -100n, 3n, 2n]);
      const { lossSum, count } = linearCrossEntropy(x, weight, targets, { bias, labelSmoothing: 0.1 });
      const logits = x.matmul(weight.t()).add(bias);
      const slow = crossEntropy(logits, targets, { reduction: 'sum', labelSmoothing: 0.1 });
      expect(allclose(lossSum, slow, { rtol: 1e-4 })).toBe(true);
      expect(count.item()).toBe(4);
    });
  });

  test('has right gradients', () => {
    scope(() => {
      const targets = tensor([0n, 2n]);
      const loss = (x: ReturnType<typeof randn>, weight: ReturnType<typeof randn>): unknown =>
        linearCrossEntropy(x, weight, targets).lossSum;
      gradCheck((x, weight) => loss(x, weight), [randn([2, 3], float64), randn([4, 3], float64)]);
    });
  });
});

describe('scaledDotProductAttention', () => {
  test('averages values with equal scores, causally or by mask', () => {
    scope(() => {
      const q = zeros([1, 1, 2, 1]);
      const v = tensor([2, 4], { shape: [1, 1, 2, 1] });
      expect(scaledDotProductAttention(q, q, v).flatten().tolist()).toEqual([3, 3]);
      expect(scaledDotProductAttention(q, q, v, { causal: true }).flatten().tolist()).toEqual([2, 3]);
      const mask = tensor([
        [false, true],
        [true, true],
      ]);
      expect(scaledDotProductAttention(q, q, v, { mask }).flatten().tolist()).toEqual([4, 3]);
    });
  });

  test('shares key heads and scales', () => {
    scope(() => {
      const [q, k, v] = [randn([1, 4, 3, 8]), randn([1, 2, 3, 8]), randn([1, 2, 3, 8])];
      const shared = scaledDotProductAttention(q, k, v, { enableGqa: true, scale: 0.5 });
      const [wideK, wideV] = [k.repeatInterleave(2, 1), v.repeatInterleave(2, 1)];
      const scores = q.matmul(wideK.transpose(-2, -1)).mul(0.5).softmax(-1);
      expect(allclose(shared, scores.matmul(wideV), { atol: 1e-5 })).toBe(true);
      expect(() => scaledDotProductAttention(q, k, v)).toThrow(/\[PAL_/);
    });
  });
});

describe('lstm', () => {
  test('with zero weights gives zeros, of the right shapes', () => {
    scope(() => {
      const weights = [zeros([12, 2]), zeros([12, 3]), zeros([12]), zeros([12])];
      const state = [zeros([1, 4, 3]), full([1, 4, 3], 2)] as const;
      const { output, hidden, cell } = lstm(randn([4, 5, 2]), state, weights);
      expect([output.shape, hidden.shape, cell.shape]).toEqual([
        [4, 5, 3],
        [1, 4, 3],
        [1, 4, 3],
      ]);
      // Every gate is 1/2 and the candidate 0: the cell halves at each of 5 steps.
      expect(cell.index(0, 0, 0).item()).toBeCloseTo(2 / 32, 6);
      expect(hidden.index(0, 0, 0).item()).toBeCloseTo(Math.tanh(2 / 32) / 2, 6);
    });
  });

  test('works without biases, time first, in layers', () => {
    scope(() => {
      const weights = [zeros([12, 2]), zeros([12, 3]), zeros([12, 3]), zeros([12, 3])];
      const state = [zeros([2, 4, 3]), zeros([2, 4, 3])] as const;
      const { output } = lstm(randn([5, 4, 2]), state, weights, { layers: 2, bias: false, batchFirst: false });
      expect(output.shape).toEqual([5, 4, 3]);
      expect(() => lstm(randn([4, 5, 2]), state, weights.slice(1))).toThrow(/\[PAL_/);
    });
  });
});
