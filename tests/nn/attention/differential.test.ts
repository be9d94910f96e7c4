import { describe, expect, test } from '@jest/globals';
import { CausalSelfAttention, DifferentialAttention, fanInUniform, resolveAttention } from '../../../lib/nn/index.js';
import { allclose, gradCheck, manualSeed, matmul, noGrad, randn, scope, tensor } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const evaluating = { dropout: 0 };

function newMixing(headWidth: number, layer = 0): DifferentialAttention {
  manualSeed(6);
  return new DifferentialAttention({ headWidth, layer, eps: 1e-5 });
}

/** Runs `fn` on a kernel that is freed afterwards, with all that it makes. */
function withKernel(headWidth: number, fn: (kernel: DifferentialAttention) => void, layer = 0): void {
  const kernel = newMixing(headWidth, layer);
  scope(() => void fn(kernel));
  kernel.dispose();
}

describe('λ', () => {
  test.each([
    [0, 0.2],
    [1, 0.8 - 0.6 * Math.exp(-0.3)],
    [11, 0.8 - 0.6 * Math.exp(-3.3)],
  ])('of layer %i is about %f', (layer, expected) => {
    withKernel(64, (kernel) => expect(kernel.lambdaInit).toBeCloseTo(expected, 12), layer);
  });

  test('by hand: exp(λq₁·λk₁) − exp(λq₂·λk₂) + λ₀', () => {
    withKernel(4, (kernel) => {
      const rows = { lambdaQ1: [1, 2], lambdaK1: [0.5, -0.5], lambdaQ2: [3, 1], lambdaK2: [0, -1] } as const;
      noGrad(() => {
        for (const [name, values] of Object.entries(rows)) kernel[name as keyof typeof rows].copy_(tensor([...values]));
      });
      expect(kernel.lambda().item()).toBeCloseTo(Math.exp(-0.5) - Math.exp(-1) + 0.2, 6);
    });
  });

  test('is made of vectors of half a head, drawn with a deviation of 0.1', () => {
    withKernel(4096, ({ lambdaQ1, lambdaK1, lambdaQ2, lambdaK2 }) => {
      for (const vector of [lambdaQ1, lambdaK1, lambdaQ2, lambdaK2]) {
        expect(vector.shape).toEqual([2048]);
        expect(vector.std().item()).toBeCloseTo(0.1, 2);
      }
    });
  });
});

describe('DifferentialAttention', () => {
  test('by hand: two keys, maps (¼, ¾) and (½, ½)', () => {
    withKernel(2, (kernel) => {
      const q = tensor([[[[0], [1]], [[0], [0]]]]); // prettier-ignore
      const keys = tensor([[[[0], [Math.log(3)]], [[5], [7]]]]); // prettier-ignore
      const lambda = kernel.lambda().item();
      const [, last] = (kernel.weights(q, keys, evaluating).tolist() as number[][][][])[0]![0]!;
      expect(last![0]).toBeCloseTo(1 / 4 - lambda / 2, 6);
      expect(last![1]).toBeCloseTo(3 / 4 - lambda / 2, 6);
      const values = tensor([[[[2, 0], [0, 1]]]]); // prettier-ignore
      const mixed = [2 * last![0]!, last![1]!];
      const root = Math.sqrt((mixed[0]! ** 2 + mixed[1]! ** 2) / 2 + 1e-5);
      const [, output] = (kernel.forward(q, keys, values, evaluating).tolist() as number[][][][])[0]![0]!;
      output!.forEach((value, i) => expect(value).toBeCloseTo((mixed[i]! / root) * 0.8, 5));
    });
  });

  test('what both maps see alike cancels up to 1 − λ, and rows sum to it', () => {
    withKernel(8, (kernel) => {
      const [q, keys] = [randn([2, 3, 5, 4]), randn([2, 3, 5, 4])];
      const twice = (x: Tensor) => x.repeat([1, 2, 1, 1]);
      const weights = kernel.weights(twice(q), twice(keys), evaluating);
      expect(weights.shape).toEqual([2, 3, 5, 5]);
      const rest = 1 - kernel.lambda().item();
      expect(allclose(weights.sum(-1), tensor(rest).expand(2, 3, 5), { atol: 1e-6 })).toBe(true);
      expect(weights.triu(1).abs().max().item()).toBe(0);
    });
  });

  test('the operator that holds no weights gives what the weights give, over grouped heads too', () => {
    withKernel(8, (kernel) => {
      const [q, keys, values] = [randn([2, 8, 6, 4]), randn([2, 4, 6, 4]), randn([2, 2, 6, 8])];
      const open = matmul(kernel.weights(q, keys, evaluating), values.repeatInterleave(2, 1));
      const expected = kernel.norm.forward(open).mul(0.8);
      expect(allclose(kernel.forward(q, keys, values, evaluating), expected, { atol: 1e-5 })).toBe(true);
    });
  });

  test('gradients agree with differences, those of λ too', () => {
    const kernel = newMixing(4).to({ dtype: 'float64' });
    scope(() => {
      const leaf = (...shape: number[]) => randn(shape).to('float64').requiresGrad_(true);
      const [q, keys, values] = [leaf(1, 2, 3, 2), leaf(1, 2, 3, 2), leaf(1, 1, 3, 4)];
      const inputs = [q, keys, values, ...kernel.parameters()];
      expect(inputs).toHaveLength(8);
      expect(() => gradCheck(() => kernel.forward(q, keys, values, evaluating), inputs)).not.toThrow();
    });
    kernel.dispose();
  });
});

describe('differential attention', () => {
  const sizes = { width: 16, heads: 2, kvHeads: 1, bias: false, dropout: 0.5 };
  const make = () =>
    new CausalSelfAttention({
      ...sizes,
      initialize: fanInUniform,
      initializeOutput: fanInUniform,
      attention: resolveAttention({ type: 'differential', eps: 1e-5 }),
      queryKeyNorm: { type: 'rms', eps: 1e-6 },
      layer: 2,
    });

  test('has as many values as softmax attention, and λ and a norm besides', () => {
    const layer = make();
    expect(layer.parameterCount()).toBe(2 * 16 * 16 + 2 * 16 * 8 + 2 * 4 + 4 * 4 + 8);
    expect((layer.kernel as DifferentialAttention).lambdaInit).toBeCloseTo(0.8 - 0.6 * Math.exp(-0.6), 12);
    expect(String(layer)).toMatch(/kernel: DifferentialAttention\(λ₀ 0\.471\)/);
    layer.dispose();
  });

  test('drops weights in training only', () => {
    const layer = make();
    scope(() => {
      const x = randn([1, 6, 16]);
      const run = (training: boolean) => layer.forward(x, { training });
      expect(allclose(run(true), run(false))).toBe(false);
      expect(run(false).tolist()).toEqual(run(false).tolist());
    });
    layer.dispose();
  });

  test('refuses heads of an odd width', () => {
    expect(
      () =>
        new CausalSelfAttention({
          ...sizes,
          width: 6,
          initialize: fanInUniform,
          initializeOutput: fanInUniform,
          attention: resolveAttention({ type: 'differential', eps: 1e-5 }),
        }),
    ).toThrow(/width \/ heads to be a multiple of the softmax maps of a head \(2\), received 3/);
  });
});
