import { describe, expect, test } from '@jest/globals';
import {
  BucketDataset,
  CurriculumDataset,
  MixedDataset,
  PackedDataset,
  StreamDataset,
  WindowDataset,
} from '../../../lib/data/index.js';
import type { BatchOrder, Dataset, TokenBatch } from '../../../lib/data/index.js';

const tokens = Uint16Array.from({ length: 61 }, (_, i) => i);
const starts = [0, 5, 9, 25, 40, 43];
const windows = new WindowDataset(tokens, { length: 8 });
const datasets: Record<string, Dataset> = {
  windows,
  overlapping: new WindowDataset(tokens, { length: 8, stride: 5 }),
  once: new WindowDataset(tokens, { length: 8, stride: 5, counted: 'once' }),
  packed: new PackedDataset({ tokens, starts }, { length: 8 }),
  buckets: new BucketDataset({ tokens, starts }, { length: 16, lengths: [4, 16] }),
  streams: new StreamDataset(tokens, { length: 8 }),
  curriculum: new CurriculumDataset([
    { dataset: new WindowDataset(tokens, { length: 3 }), until: { epochs: 1 }, batchSize: 4 },
    { dataset: windows },
  ]),
  mixed: new MixedDataset([
    { dataset: windows, weight: 3 },
    { dataset: new PackedDataset({ tokens, starts }, { length: 8 }), weight: 1 },
  ]),
  'mixed streams': new MixedDataset([
    { dataset: new StreamDataset(tokens, { length: 8 }), weight: 1 },
    { dataset: new StreamDataset(tokens.subarray(0, 47), { length: 5 }), weight: 2 },
  ]),
};
const orders: BatchOrder[] = ['shuffled', 'random', 'sequential'];
const cases = Object.keys(datasets).flatMap((name) =>
  orders.filter((order) => !name.endsWith('streams') || order !== 'random').map((order) => [name, order] as const),
);

/** Takes batches, an end begun again, until a goal is reached. */
function countByHand(
  name: string,
  order: BatchOrder,
  batchSize: number,
  goal: { epochs?: number; tokens?: number },
): number {
  const dataset = datasets[name]!;
  let [sequence, passes, total, count] = [dataset.batches({ batchSize, order }), 0, 0, 0];
  for (;;) {
    let next = sequence.next();
    if (next.done === true) {
      passes += sequence.epoch;
      sequence = dataset.batches({ batchSize, order });
      next = sequence.next();
    }
    count++;
    total += [...(next.value as TokenBatch).targets].filter((target) => target >= 0).length;
    const epoch = passes + sequence.epoch;
    if (epoch >= (goal.epochs ?? Infinity) - 1e-9 || total >= (goal.tokens ?? Infinity)) return count;
  }
}

describe.each(cases)('the batches of %s, %s', (name, order) => {
  test.each([1, 3, 7, 100])('%d rows: are counted as they are given out', (batchSize) => {
    for (const goal of [
      { epochs: 1 },
      { epochs: 3 },
      { epochs: 0.3 },
      { tokens: 1 },
      { tokens: 77 },
      { tokens: 500 },
    ]) {
      const expected = countByHand(name, order, batchSize, goal);
      expect([goal, datasets[name]!.countBatches!(goal, { batchSize, order })]).toEqual([goal, expected]);
    }
    expect(datasets[name]!.countBatches!({}, { batchSize, order })).toBe(Infinity);
  });

  test('hold no more rows than there are examples', () => {
    const batches = datasets[name]!.batches({ batchSize: 1000, order });
    const { shape, examples } = batches.next().value!;
    expect(shape[0]).toBeLessThanOrEqual(name.endsWith('streams') ? 60 : 20);
    expect(batches.epoch).toBeLessThanOrEqual(name === 'overlapping' ? 1.6 : 1 + 1e-9);
    if (order !== 'random' && !name.endsWith('streams')) expect(new Set(examples).size).toBe(examples!.length);
  });
});
