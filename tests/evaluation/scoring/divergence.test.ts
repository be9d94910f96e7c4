import { describe, expect, test } from '@jest/globals';
import { measureDivergence } from '../../../lib/evaluation/index.js';
import { quantizeWeights } from '../../../lib/nn/index.js';
import { newLlama } from '../../adapters/models.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const ids = Array.from({ length: 60 }, (_, i) => (i * i + 3 * i) % 29);
const windowLength = 8;

describe('measureDivergence', () => {
  test('a model does not diverge from itself', async () => {
    const [model, same] = [newLlama(), newLlama()];
    const windows: number[][] = [];
    const { tokens, perplexity, change, divergence, agreement } = await measureDivergence(model, same, ids, {
      windowLength,
      onWindow: (...progress) => windows.push(progress),
    });
    expect(windows).toEqual(Array.from({ length: 7 }, (_, i) => [i + 1, 7]));
    expect(tokens).toBe(56);
    expect(perplexity.after).toBe(perplexity.before);
    expect(change).toEqual({ estimate: 0, low: 0, high: 0 });
    expect(divergence).toEqual({ estimate: 0, low: 0, high: 0 });
    expect(agreement).toBe(1);
  });

  test('a model that knows nothing has the perplexity of its vocabulary', async () => {
    const [model, even] = [newLlama(), newLlama()];
    even.head.weight.detach().zero_();
    const { perplexity, divergence } = await measureDivergence(even, model, ids, { windowLength });
    expect(perplexity.before).toBeCloseTo(29, 3);
    expect(divergence.low).toBeGreaterThan(0);
  });

  test('four bits diverge more than eight, and the interval holds the estimate', async () => {
    const found = await Promise.all(
      (['int8', 'int4'] as const).map(async (weights) => {
        const shape = { width: 64, heads: 4 };
        const [model, held] = [newLlama(shape), newLlama(shape)];
        quantizeWeights(held, { weights, head: weights });
        return await measureDivergence(model, held, ids, { windowLength });
      }),
    );
    const [eight, four] = found.map(({ divergence }) => divergence.estimate) as [number, number];
    expect(four).toBeGreaterThan(4 * eight);
    for (const { divergence, change } of found)
      for (const { low, estimate, high } of [divergence, change]) {
        expect(low).toBeLessThanOrEqual(estimate);
        expect(high).toBeGreaterThanOrEqual(estimate);
      }
  });

  test('a text of less than two windows is an error', async () => {
    const model = newLlama();
    await expect(measureDivergence(model, model, ids.slice(0, 16), { windowLength })).rejects.toThrow(
      /at least 17 tokens.*16/,
    );
  });
});
