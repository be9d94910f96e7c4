import { describe, expect, test } from '@jest/globals';
import {
  CausalSelfAttention,
  DifferentialScalarAttention,
  DifferentialV2Attention,
  RotaryPositions,
  computeAttentionWeights,
  fanInUniform,
  resolveAttention,
} from '../../../lib/nn/index.js';
import type { AttentionKernel, AttentionType } from '../../../lib/nn/index.js';
import {
  allclose,
  gradCheck,
  manualSeed,
  matmul,
  noGrad,
  ones,
  randn,
  scaledDotProductAttention,
  scope,
  tensor,
} from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const [C, H, K, T, D] = [12, 4, 2, 7, 6] as const;

const kernels: Record<string, () => { kernel: AttentionKernel; keyHeads: number }> = {
  scalar: () => ({ kernel: new DifferentialScalarAttention(), keyHeads: 2 * K }),
  'scalar, capped': () => ({ kernel: new DifferentialScalarAttention(3), keyHeads: 2 * K }),
  v2: () => ({ kernel: new DifferentialV2Attention({ width: C, heads: H }), keyHeads: K }),
  'v2, capped': () => ({ kernel: new DifferentialV2Attention({ width: C, heads: H, cap: 3 }), keyHeads: K }),
};

function newInputs(keyHeads: number): { x: Tensor; q: Tensor; keys: Tensor; values: Tensor } {
  const keys = randn([2, keyHeads, T, D]);
  return { x: randn([2, T, C]), q: randn([2, 2 * H, T, D]), keys, values: randn([2, K, T, D]) };
}

describe.each(Object.entries(kernels))('%s', (_, make) => {
  const withKernel = (fn: (kernel: AttentionKernel, inputs: ReturnType<typeof newInputs>) => void): void => {
    manualSeed(3);
    const { kernel, keyHeads } = make();
    scope(() => void fn(kernel, newInputs(keyHeads)));
    kernel.dispose();
  };

  test('forward is the weights times the values, whichever path it takes', () => {
    withKernel((kernel, { x, q, keys, values }) => {
      const options = { dropout: 0, gates: kernel.computeGates(x) };
      const direct = matmul(kernel.weights(q, keys, options), values.repeatInterleave(H / K, 1));
      expect(allclose(kernel.forward(q, keys, values, options), direct, { rtol: 0, atol: 1e-5 })).toBe(true);
    });
  });

  test('a query that sees nothing mixes nothing, and no gradient is NaN', () => {
    withKernel((kernel, { x, q, keys, values }) => {
      const mask = ones([T, T], { dtype: 'bool' }).tril();
      mask.select(0, 2).zero_();
      const leaves = [q, keys, values].map((leaf) => leaf.requiresGrad_(true));
      const mixed = kernel.forward(q, keys, values, { dropout: 0, mask, gates: kernel.computeGates(x) });
      expect(mixed.select(2, 2).abs().max().item()).toBe(0);
      expect(mixed.isfinite().all().item()).toBe(true);
      mixed.square().sum().backward();
      for (const leaf of leaves) expect(leaf.grad!.isfinite().all().item()).toBe(true);
    });
  });

  test('gradients agree with differences', () => {
    withKernel((kernel, { x, q, keys, values }) => {
      kernel.to({ dtype: 'float64' });
      const leaf = (value: Tensor) => value.narrow(0, 0, 1).narrow(2, 0, 3).to('float64').detach().requiresGrad_(true);
      const inputs = [leaf(q), leaf(keys), leaf(values)] as const;
      const input = x.narrow(0, 0, 1).narrow(1, 0, 3).to('float64').detach().requiresGrad_(true);
      const run = () => kernel.forward(...inputs, { dropout: 0, gates: kernel.computeGates(input) });
      const gates = kernel.computeGates(input) === undefined ? [] : [input];
      expect(() => gradCheck(run, [...inputs, ...gates, ...kernel.parameters()])).not.toThrow();
    });
  });
});

test('the scalar form is SDPA(Q₁, K₁, V) − λ · SDPA(Q₂, K₂, V), both of a head side by side', () => {
  manualSeed(4);
  const kernel = new DifferentialScalarAttention();
  scope(() => {
    const { q, keys, values } = newInputs(2 * K);
    noGrad(() => kernel.lambda.fill_(0.3));
    const pick = (x: Tensor, i: number) => x.unflatten(1, [-1, 2]).select(2, i).contiguous();
    const [first, second] = [0, 1].map((i) =>
      scaledDotProductAttention(pick(q, i), pick(keys, i), values, { causal: true, enableGqa: true }),
    ) as [Tensor, Tensor];
    expect(allclose(kernel.forward(q, keys, values, { dropout: 0 }), first.sub(second.mul(0.3)), { atol: 1e-5 })).toBe(
      true,
    );
    const rows = kernel.weights(q, keys, { dropout: 0 }).sum(-1);
    expect(allclose(rows, tensor(0.7).expand(2, H, T), { atol: 1e-5 })).toBe(true);
  });
  kernel.dispose();
});

test('the second version subtracts λ of each token and head, and refuses to go without', () => {
  manualSeed(5);
  const kernel = new DifferentialV2Attention({ width: C, heads: H });
  scope(() => {
    const { x, q, keys } = newInputs(K);
    const gates = kernel.computeGates(x);
    const both = computeAttentionWeights(q, keys).unflatten(1, [H, 2]);
    const lambda = kernel.lambda.forward(x).sigmoid().transpose(1, 2).unsqueeze(-1);
    const expected = both.select(2, 0).sub(both.select(2, 1).mul(lambda));
    expect(allclose(kernel.weights(q, keys, { dropout: 0, gates }), expected, { atol: 1e-6 })).toBe(true);
    expect(() => kernel.weights(q, keys, { dropout: 0 })).toThrow(/PAL_ARGUMENT.*gates/);
  });
  kernel.dispose();
});

const newLayer = (attention: AttentionType, queryKeyNorm: { type: 'none' } | { type: 'rms'; eps: number }) =>
  new CausalSelfAttention({
    ...{ width: C, heads: H, kvHeads: K, headWidth: D, bias: false, dropout: 0, queryKeyNorm },
    ...{ initialize: fanInUniform, initializeOutput: fanInUniform, attention: resolveAttention(attention) },
  });

test.each([
  ['differentialScalar', 2 * H * D * C + 2 * K * D * C + 1],
  ['differentialV2', 2 * H * D * C + K * D * C + C * H],
] as const)('%s has twice the queries of plain attention', (type, queriesAndKeys) => {
  using layer = newLayer({ type }, { type: 'rms', eps: 1e-6 });
  expect(layer.parameterCount()).toBe(queriesAndKeys + K * D * C + C * H * D + 2 * D);
});

test('scores depend on the distance of adjacent pairs, and turning neighbours is turning halves of reordered rows', () => {
  manualSeed(6);
  using layer = newLayer({ type: 'softmax' }, { type: 'none' });
  using positions = new RotaryPositions(D, 64, 10_000, undefined, 'adjacent');
  using halves = new RotaryPositions(D, 64);
  scope(() => {
    const x = randn([1, T, C]);
    const run = (start: number) => layer.forward(x, { training: false, rotary: positions.at(start, T) });
    expect(allclose(run(0), run(30), { rtol: 0, atol: 1e-5 })).toBe(true);
    const adjacent = run(0);
    expect(allclose(adjacent, layer.forward(x, { training: false, rotary: halves.at(0, T) }))).toBe(false);
    const order = tensor([0, 2, 4, 1, 3, 5], { dtype: 'int64' });
    noGrad(() => {
      for (const { weight } of [layer.query, layer.key])
        weight.copy_(weight.unflatten(0, [-1, D]).indexSelect(1, order).flatten(0, 1));
    });
    const reordered = layer.forward(x, { training: false, rotary: halves.at(0, T) });
    expect(allclose(adjacent, reordered, { rtol: 0, atol: 1e-5 })).toBe(true);
  });
});
