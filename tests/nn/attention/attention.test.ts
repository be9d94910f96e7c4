import { describe, expect, test } from '@jest/globals';
import {
  CausalSelfAttention,
  resolveAttention,
  KeyValueCache,
  RotaryPositions,
  computeAttentionWeights,
  causalMask,
  documentMask,
  fanInUniform,
  normalInitializer,
} from '../../../lib/nn/index.js';
import type { AttentionType } from '../../../lib/nn/index.js';
import {
  allclose,
  eye,
  manualSeed,
  memory,
  ones,
  randn,
  rotary,
  scope,
  tensor,
  zeros,
} from '../../../lib/tensor/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const initializers = { initialize: fanInUniform, initializeOutput: fanInUniform };
const sizes = { width: 8, heads: 4, kvHeads: 2, bias: false, dropout: 0, ...initializers };

describe('RotaryPositions', () => {
  test('turns pair i at position p by p · base^(−2i/D)', () => {
    const { cos, sin } = new RotaryPositions(4, 8, 100).at(3, 2);
    expect(cos.shape).toEqual([2, 2]);
    const angles = [3, 0.3, 4, 0.4];
    for (const [i, value] of (cos.tolist() as number[][]).flat().entries())
      expect(value).toBeCloseTo(Math.cos(angles[i]!), 6);
    for (const [i, value] of (sin.tolist() as number[][]).flat().entries())
      expect(value).toBeCloseTo(Math.sin(angles[i]!), 6);
  });

  test('linear scaling is as if positions lay closer together', () => {
    const [plain, scaled] = [undefined, { type: 'linear', factor: 2 } as const].map(
      (scaling) => new RotaryPositions(8, 16, 100, scaling),
    );
    for (const position of [1, 3, 7]) {
      expect(allclose(scaled!.at(2 * position, 1).sin, plain!.at(position, 1).sin, { atol: 1e-6 })).toBe(true);
    }
    expect(String(scaled)).toMatch(/8, base 100, linear scaling by 2/);
  });

  test('llama3 scaling keeps fast angles, divides slow ones, and goes between them in line', () => {
    const originalContextLength = 20 * Math.PI;
    const llama3 = { type: 'llama3', factor: 8, lowFreqFactor: 1, highFreqFactor: 4, originalContextLength } as const;
    // Turns over the first context: 10, 2.5 and 0.625.
    const { sin } = new RotaryPositions(6, 4, 64, llama3).at(1, 1);
    const angles = [1, (0.25 * (0.5 + 0.5 / 8)), 0.0625 / 8]; // prettier-ignore
    (sin.tolist() as number[][])[0]!.forEach((value, i) => expect(value).toBeCloseTo(Math.sin(angles[i]!), 6));
  });

  test('given positions take the same rows', () => {
    const table = new RotaryPositions(4, 8);
    const { cos } = table.at(0, 3, tensor([[5, 0, 2]], { dtype: 'int64' }));
    expect(cos.tolist()).toEqual([[5, 0, 2].map((row) => table.cos.select(0, row).tolist())]);
  });

  test('scores depend on the distance of two positions alone', () => {
    const table = new RotaryPositions(8, 32);
    const [q, k] = [randn([1, 1, 1, 8]), randn([1, 1, 1, 8])];
    const score = (at: number, other: number) => {
      const [a, b] = [table.at(at, 1), table.at(other, 1)];
      return rotary(q, a.cos, a.sin)
        .mul(rotary(k, b.cos, b.sin))
        .sum()
        .item();
    };
    expect(score(9, 4)).toBeCloseTo(score(25, 20), 4);
    expect(score(9, 4)).not.toBeCloseTo(score(9, 8), 4);
  });

  test('is no weight, and needs an even width', () => {
    expect(new RotaryPositions(4, 8).stateDict()).toEqual({});
    expect(() => new RotaryPositions(3, 8)).toThrow(/even headWidth/);
  });
});

describe('masks', () => {
  test('the causal one lets the last queries see all keys before them', () => {
    expect(causalMask(2, 4, 'cpu').tolist()).toEqual([
      [true, true, true, false],
      [true, true, true, true],
    ]);
  });

  test('the one of documents keeps them apart', () => {
    const mask = documentMask(tensor([[7, 7, 9]], { dtype: 'int64' }));
    expect(mask.tolist()).toEqual([
      [
        [
          [true, false, false],
          [true, true, false],
          [false, false, true],
        ],
      ],
    ]);
  });
});

describe('computeAttentionWeights', () => {
  test('by hand: two keys, scores 0 and ln 3', () => {
    const q = tensor([[[[0], [1]]]]);
    const keys = tensor([[[[0], [Math.log(3)]]]]);
    const [first, second] = (computeAttentionWeights(q, keys).tolist() as number[][][][])[0]![0]!;
    expect(first).toEqual([1, 0]);
    expect(second![0]).toBeCloseTo(1 / 4, 6);
    expect(second![1]).toBeCloseTo(3 / 4, 6);
  });
});

describe('soft-capped attention', () => {
  const layer = (attention: AttentionType, dropout = 0) => {
    manualSeed(4);
    return new CausalSelfAttention({
      ...sizes,
      dropout,
      attention: resolveAttention(attention),
      initialize: normalInitializer(1),
    });
  };

  test('with a high cap is softmax attention', () => {
    const x = randn([2, 5, 8]);
    const [capped, plain] = [layer({ type: 'logitSoftCap', cap: 1e4 }), layer({ type: 'softmax' })];
    const outputs = [capped, plain].map((attention) => attention.forward(x, { training: false }));
    expect(allclose(outputs[0]!, outputs[1]!, { atol: 1e-5 })).toBe(true);
  });

  test('keeps scores within the cap', () => {
    const x = randn([1, 5, 8]).mul(50);
    let weights = zeros([1]);
    layer({ type: 'logitSoftCap', cap: 1 }).forward(x, { training: false, record: (seen) => (weights = seen) });
    const last = (weights.tolist() as number[][][][])[0]![0]!.at(-1)!;
    expect(Math.max(...last) / Math.min(...last)).toBeLessThan(Math.exp(2) + 1e-3);
  });

  test('drops weights in training only', () => {
    const attention = layer({ type: 'logitSoftCap', cap: 5 }, 0.5);
    const x = randn([1, 6, 8]);
    const run = (training: boolean) => attention.forward(x, { training });
    expect(allclose(run(true), run(false))).toBe(false);
    expect(run(false).tolist()).toEqual(run(false).tolist());
  });
});

describe('CausalSelfAttention', () => {
  test('mixes values by its weights', () => {
    const layer = new CausalSelfAttention({ ...sizes, initializeOutput: () => eye(8) });
    const x = randn([2, 5, 8]);
    let weights = zeros([1]);
    const output = layer.forward(x, { training: false, record: (seen) => (weights = seen) }); // B T C
    const values = layer.value.forward(x).view(2, 5, 2, 2).transpose(1, 2).repeatInterleave(2, 1); // B H T D
    const expected = weights.matmul(values).transpose(1, 2).reshape(2, 5, 8);
    expect(allclose(output, expected, { atol: 1e-6 })).toBe(true);
  });

  test('drops weights in training only', () => {
    const layer = new CausalSelfAttention({ ...sizes, dropout: 0.5 });
    const x = randn([1, 6, 8]);
    expect(allclose(layer.forward(x, { training: true }), layer.forward(x, { training: false }))).toBe(false);
  });

  test('prints its heads and refuses sizes that do not divide', () => {
    expect(String(new CausalSelfAttention(sizes))).toMatch(
      /^CausalSelfAttention\(4 heads of 2, 2 kv heads\) · 192 parameters/,
    );
    expect(() => new CausalSelfAttention({ ...sizes, width: 9 })).toThrow(
      /width to be a multiple of heads \(4\), received 9/,
    );
    expect(() => new CausalSelfAttention({ ...sizes, kvHeads: 3 })).toThrow(/heads to be a multiple of kvHeads \(3\)/);
    expect(() => new CausalSelfAttention(sizes).forward(zeros([1, 1, 4]), { training: false })).toThrow(
      /\[PAL_SHAPE\]/,
    );
  });
});

describe('KeyValueCache', () => {
  test('gives back all it was given, across its growth', () => {
    scope(() => {
      const cache = new KeyValueCache();
      const all = randn([2, 3, 70, 4]);
      for (const [start, count] of [
        [0, 5],
        [5, 27],
        [32, 1],
        [33, 37],
      ] as const) {
        const piece = all.narrow(2, start, count);
        const { keys, values } = cache.append(piece, piece.neg());
        expect(cache.length).toBe(start + count);
        expect(allclose(keys, all.narrow(2, 0, start + count), { rtol: 0, atol: 0 })).toBe(true);
        expect(allclose(values, keys.neg(), { rtol: 0, atol: 0 })).toBe(true);
      }
      expect(cache.bytes).toBe(2 * (2 * 3 * 128 * 4) * 4);
      cache.dispose();
    });
  });

  test('a fork repeats each sequence and goes its own way', () => {
    scope(() => {
      const cache = new KeyValueCache();
      const start = randn([2, 1, 3, 2]);
      cache.append(start, start);
      const fork = cache.fork(2);
      const { keys } = fork.append(ones([4, 1, 1, 2]), ones([4, 1, 1, 2]));
      expect(allclose(keys.narrow(2, 0, 3), start.repeatInterleave(2, 0))).toBe(true);
      expect([cache.length, fork.length]).toEqual([3, 4]);
      cache.dispose();
      fork.dispose();
    });
  });

  test('outlives scopes and carries no gradient', () => {
    const before = memory.stats().liveSlots;
    const cache = new KeyValueCache();
    scope(() => void cache.append(ones([1, 1, 1, 2], { requiresGrad: true }), ones([1, 1, 1, 2])));
    scope(() => {
      const { keys } = cache.append(ones([1, 1, 1, 2]), ones([1, 1, 1, 2]));
      expect(keys.requiresGrad).toBe(false);
      expect(keys.shape).toEqual([1, 1, 2, 2]);
    });
    cache.dispose();
    expect(cache.bytes).toBe(0);
    expect(memory.stats().liveSlots).toBe(before);
  });
});
