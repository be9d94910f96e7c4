import { describe, expect, test } from '@jest/globals';
import {
  Dropout,
  Embedding,
  GeluMlp,
  LayerNorm,
  Linear,
  RMSNorm,
  ReluSquaredMlp,
  SinusoidalPositions,
  StochasticDepth,
  SwigluMlp,
  fanInUniform,
  normalInitializer,
} from '../../lib/nn/index.js';
import { manualSeed, ones, randn, tensor, zeros } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const near = (actual: Tensor, expected: number[]) => {
  const values = [...(actual.data() as Float32Array)];
  expect(values).toHaveLength(expected.length);
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
};

describe('Linear', () => {
  test('maps the last axis', () => {
    const layer = new Linear(2, 3, {
      weight: tensor([
        [1, 0],
        [0, 2],
        [1, 1],
      ]),
    });
    layer.bias!.requiresGrad_(false).copy_(tensor([10, 20, 30]));
    near(layer.forward(tensor([[3, 4]])), [13, 28, 37]);
    expect(layer.forward(zeros([5, 4, 2])).shape).toEqual([5, 4, 3]);
  });

  test('starts within ±1/√in, bias zero', () => {
    const layer = new Linear(16, 100);
    const { max, min } = { max: Number(layer.weight.max().item()), min: Number(layer.weight.min().item()) };
    expect(max).toBeGreaterThan(0.2);
    expect(max).toBeLessThanOrEqual(0.25);
    expect(min).toBeLessThan(-0.2);
    expect(min).toBeGreaterThanOrEqual(-0.25);
    expect(Number(layer.bias!.abs().max().item())).toBe(0);
  });

  test('takes an empty batch and no bias', () => {
    const layer = new Linear(2, 3, { bias: false, initialize: fanInUniform });
    expect(layer.bias).toBeUndefined();
    expect(layer.forward(zeros([0, 2])).shape).toEqual([0, 3]);
  });

  test('names the axis that does not fit', () => {
    expect(() => new Linear(2, 3).forward(zeros([1, 5]))).toThrow(/\[PAL_SHAPE\] Linear\.forward: .*C = 2/);
    expect(() => new Linear(0, 3)).toThrow(/inFeatures/);
  });
});

describe('Embedding', () => {
  test('looks up rows', () => {
    const layer = new Embedding(3, 2, {
      initialize: () =>
        tensor([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
    });
    near(layer.forward(tensor([[2, 0]], { dtype: 'int64' })), [5, 6, 1, 2]);
  });

  test('starts with the deviation asked for', () => {
    manualSeed(1);
    const { weight } = new Embedding(200, 50, { initialize: normalInitializer(0.02) });
    expect(Number(weight.std().item())).toBeCloseTo(0.02, 3);
  });
});

describe('norms', () => {
  test('LayerNorm has mean 0 and variance 1', () => {
    // mean 3, variance 4
    near(new LayerNorm(2, { eps: 0 }).forward(tensor([[1, 5]])), [-1, 1]);
  });

  test('RMSNorm divides by the root of the mean square', () => {
    const root = Math.sqrt((9 + 16) / 2);
    near(new RMSNorm(2, { eps: 0 }).forward(tensor([[3, 4]])), [3 / root, 4 / root]);
  });

  test('scale and shift', () => {
    const norm = new LayerNorm(2, { eps: 0 });
    norm.weight.requiresGrad_(false).copy_(tensor([2, 3]));
    norm.bias!.requiresGrad_(false).copy_(tensor([10, 20]));
    near(norm.forward(tensor([[1, 5]])), [8, 23]);
  });

  test('eps is inside the root', () => {
    near(new RMSNorm(1, { eps: 3 }).forward(tensor([[1]])), [0.5]);
  });

  test('refuse another width', () => {
    expect(() => new LayerNorm(4).forward(zeros([1, 3]))).toThrow(/LayerNorm\.forward/);
    expect(() => new RMSNorm(4).forward(zeros([1, 3]))).toThrow(/RMSNorm\.forward/);
  });
});

describe('Dropout', () => {
  test('zeroes about p of the values and scales the rest', () => {
    manualSeed(3);
    const values = new Dropout(0.25).forward(ones([10_000])).data() as Float32Array;
    const zeroed = values.filter((value) => value === 0).length;
    expect(zeroed).toBeGreaterThan(2300);
    expect(zeroed).toBeLessThan(2700);
    expect(values.find((value) => value !== 0)).toBeCloseTo(4 / 3, 5);
  });

  test('does nothing outside training', () => {
    const layer = new Dropout(0.9);
    const x = ones([10]);
    expect(layer.forward(x, false)).toBe(x);
    expect(layer.eval().forward(x)).toBe(x);
    expect(() => new Dropout(1.5)).toThrow(/probability/);
  });
});

describe('Mlp', () => {
  const options = {
    width: 1,
    hiddenWidth: 1,
    bias: false,
    initialize: () => tensor([[2]]),
    initializeOutput: () => tensor([[3]]),
  };

  test('ReluSquaredMlp: 3·max(2x, 0)²', () => {
    near(new ReluSquaredMlp(options).forward(tensor([[[1.5], [-1]]])), [27, 0]);
  });

  test('GeluMlp: 3·GELU(2x) with the exact GELU', () => {
    // GELU(1) = Φ(1) = 0.8413447
    near(new GeluMlp(options).forward(tensor([[[0.5]]])), [3 * 0.8413447]);
  });

  test('GeluMlp: by tanh where asked for', () => {
    const inner = Math.sqrt(2 / Math.PI) * (1 + 0.044715);
    near(new GeluMlp({ ...options, approximate: 'tanh' }).forward(tensor([[[0.5]]])), [1.5 * (1 + Math.tanh(inner))]);
  });

  test('SwigluMlp: 3·SiLU(2x)·2x', () => {
    const silu = 1 / (1 + Math.exp(-1));
    near(new SwigluMlp(options).forward(tensor([[[0.5]]])), [3 * silu]);
  });

  test('keeps the shape', () => {
    const sizes = { ...options, width: 4, hiddenWidth: 7, initialize: fanInUniform, initializeOutput: fanInUniform };
    expect(new SwigluMlp(sizes).forward(randn([2, 1, 4])).shape).toEqual([2, 1, 4]);
  });
});

describe('SinusoidalPositions', () => {
  test('sines, then cosines, of position · base^(−2i/C)', () => {
    const layer = new SinusoidalPositions(8, 4, 100);
    const at = layer.forward(tensor([[0, 3]], { dtype: 'int64' }));
    near(at, [0, 0, 1, 1, Math.sin(3), Math.sin(0.3), Math.cos(3), Math.cos(0.3)]);
    expect(at.shape).toEqual([1, 2, 4]);
  });

  test('is not stored, and refuses an odd width', () => {
    expect(new SinusoidalPositions(8, 4).stateDict()).toEqual({});
    expect(() => new SinusoidalPositions(8, 3)).toThrow(/an even width, received 3/);
  });
});

describe('StochasticDepth', () => {
  test('keeps or drops whole sequences, and the mean', () => {
    manualSeed(1);
    const kept = new StochasticDepth(0.25).forward(ones([4000, 2, 3]), true);
    const rows = kept.mean([1, 2]);
    const values = [...(rows.data() as Float32Array)];
    for (const value of values) expect(value === 0 || Math.abs(value - 4 / 3) < 1e-6).toBe(true);
    expect(values.filter((value) => value === 0).length / 4000).toBeCloseTo(0.25, 1);
  });

  test('does nothing outside training', () => {
    const x = ones([2, 2, 2]);
    expect(new StochasticDepth(0.5).forward(x, false)).toBe(x);
    expect(() => new StochasticDepth(1)).toThrow(/probability/);
  });
});
