import { describe, expect, test } from '@jest/globals';
import { attendFused } from '../../../lib/nn/attention/attention-kernel.js';
import { computeAttentionWeights } from '../../../lib/nn/index.js';
import { manualSeed, matmul, rand, randn, tensor } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const [B, S, D, W] = [3, 37, 16, 24];

/** By its weights, in float64. */
function attendOpenly(q: Tensor, keys: Tensor, values: Tensor, mask?: Tensor): Tensor {
  const group = q.size(1) / values.size(1);
  const weights = computeAttentionWeights(q.to('float64'), keys.to('float64'), { mask });
  return matmul(weights, values.to('float64').repeatInterleave(group, 1));
}

const masks: Record<string, () => Tensor | undefined> = {
  'no mask': () => undefined,
  'one mask': () => tensor([Array.from({ length: S }, (_, s) => s < 30)]),
  'a mask a row': () => rand([B, 1, 1, S]).lt(0.6),
};

describe('a token that is decoded', () => {
  test.each(
    [
      [8, 1],
      [8, 2],
      [9, 3],
      [4, 4],
    ].flatMap(([H, K]) => Object.keys(masks).map((mask) => [H!, K!, mask] as const)),
  )('%i heads on %i of keys, %s: as by its weights', (H, K, mask) => {
    manualSeed(7);
    // As they come out of a layer: heads beside each other in memory.
    const q = randn([B, 1, H, D]).transpose(1, 2);
    const [keys, values] = [randn([B, K, S, D]), randn([B, K, S, W])];
    const chosen = masks[mask]!();
    const found = attendFused(q, keys, values, { mask: chosen, dropout: 0 });
    expect(found.shape).toEqual([B, H, 1, W]);
    const error = found
      .to('float64')
      .sub(attendOpenly(q, keys, values, chosen))
      .abs()
      .max()
      .item<number>();
    expect(error).toBeLessThan(2e-6);
  });
});
