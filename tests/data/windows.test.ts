import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WindowDataset, windows } from '../../lib/data/index.js';
import type { BatchOptions, BatchOrder, TokenBatch } from '../../lib/data/index.js';
import { ByteTokenizer } from '../../lib/text/index.js';

const count = (n: number): Uint16Array => Uint16Array.from({ length: n }, (_, i) => i);

/** Where each window of a batch starts, given tokens that count up. */
const startsOf = ({ inputs, shape }: TokenBatch): number[] =>
  Array.from({ length: shape[0] }, (_, row) => inputs[row * shape[1]]!);

function draw(dataset: WindowDataset, options: BatchOptions, batches: number): number[] {
  const stream = dataset.batches(options);
  return Array.from({ length: batches }, () => startsOf(stream.next().value!)).flat();
}

describe('WindowDataset', () => {
  test('hand-worked: targets are the inputs one place later', () => {
    const dataset = new WindowDataset(count(8), { length: 3 });
    expect(dataset.size).toBe(2);
    expect(dataset.batchAt([0, 4])).toEqual({
      inputs: Int32Array.of(0, 1, 2, 4, 5, 6),
      targets: Int32Array.of(1, 2, 3, 5, 6, 7),
      shape: [2, 3],
    });
  });

  test.each([
    [4, 3, 3, 1],
    [6, 3, 3, 1],
    [7, 3, 3, 2],
    [10, 3, 1, 7],
    [10, 3, 100, 1],
  ])('%d tokens, windows of %d every %d: %d windows', (tokens, length, stride, size) => {
    const dataset = new WindowDataset(count(tokens), { length, stride });
    expect(dataset.size).toBe(size);
    expect((size - 1) * stride).toBeLessThan(dataset.offsets);
    expect(size * stride).toBeGreaterThanOrEqual(dataset.offsets);
  });

  test('with the default stride no target occurs twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.integer({ min: 1, max: 20 }), (tokens, length) => {
        fc.pre(tokens > length);
        const dataset = new WindowDataset(count(tokens), { length });
        const targets = [...dataset.batches({ batchSize: 3, order: 'sequential' })].flatMap((batch) => [
          ...batch.targets,
        ]);
        expect(targets).toEqual(Array.from({ length: dataset.size * length }, (_, i) => i + 1));
        expect(tokens - 1 - targets.length).toBeLessThan(length);
      }),
    );
  });

  test('refuses too little text and windows beyond the end', () => {
    expect(() => new WindowDataset(count(3), { length: 3 })).toThrow(
      '[PAL_DATA] WindowDataset: expected at least 4 tokens for windows of 3, received 3.',
    );
    const dataset = new WindowDataset(count(10), { length: 3 });
    expect(startsOf(dataset.batchAt([6]))).toEqual([6]);
    expect(() => dataset.batchAt([7])).toThrow('expected a start below 7, received 7');
    expect(() => dataset.batchAt([-1])).toThrow(expect.objectContaining({ code: 'PAL_ARGUMENT' }));
  });
});

describe('order', () => {
  const dataset = new WindowDataset(count(101), { length: 10 });

  test('sequential: every window once, the last batch smaller, then the end', () => {
    const stream = dataset.batches({ batchSize: 4, order: 'sequential' });
    expect(stream.remaining).toBe(3);
    const batches = [...stream];
    expect(batches.map(({ shape }) => shape[0])).toEqual([4, 4, 2]);
    expect(batches.flatMap(startsOf)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
    expect(stream.remaining).toBe(0);
    expect(stream.next().done).toBe(true);
  });

  test('shuffled: every window once an epoch, in an order of its own, batches always full', () => {
    const drawn = draw(dataset, { batchSize: 4, order: 'shuffled', seed: 1 }, 5);
    const [first, second] = [drawn.slice(0, 10), drawn.slice(10)];
    const all = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90];
    expect([...first].sort((a, b) => a - b)).toEqual(all);
    expect([...second].sort((a, b) => a - b)).toEqual(all);
    expect(first).not.toEqual(all);
    expect(second).not.toEqual(first);
  });

  test('random: places are not bound to the stride and reach both ends', () => {
    const drawn = draw(dataset, { batchSize: 100, order: 'random', seed: 1 }, 20);
    expect(Math.min(...drawn)).toBe(0);
    expect(Math.max(...drawn)).toBe(90);
    expect(new Set(drawn).size).toBe(91);
  });

  test.each<BatchOrder>(['shuffled', 'random'])('%s: a function of the seed', (order) => {
    const of = (seed: number): number[] => draw(dataset, { batchSize: 4, order, seed }, 6);
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  test.each<BatchOrder>(['shuffled', 'random', 'sequential'])('%s: continues from a saved position', (order) => {
    fc.assert(
      fc.property(fc.nat(30), fc.integer({ min: 1, max: 7 }), fc.nat(), (before, batchSize, seed) => {
        const options = { batchSize, order, seed };
        const stream = dataset.batches(options);
        for (let i = 0; i < before; i++) stream.next();
        const resumed = dataset.batches(options);
        resumed.restore(JSON.parse(JSON.stringify(stream.save())) as ReturnType<typeof stream.save>);
        for (let i = 0; i < 4; i++) expect(resumed.next()).toEqual(stream.next());
      }),
      { numRuns: 30 },
    );
  });

  test('counts epochs', () => {
    const stream = dataset.batches({ batchSize: 4, order: 'shuffled' });
    for (let i = 0; i < 5; i++) stream.next();
    expect(stream.epoch).toBe(2);
    expect(stream.remaining).toBe(Infinity);
  });

  test('refuses the position of another stream and options out of range', () => {
    const saved = dataset.batches({ batchSize: 4, order: 'random', seed: 1 }).save();
    const other = dataset.batches({ batchSize: 4, order: 'random', seed: 2 });
    expect(() => other.restore(saved)).toThrow(
      '[PAL_DATA] BatchStream.restore: expected a position with seed 2, received 1.',
    );
    expect(() => dataset.batches({ batchSize: 0, order: 'random' })).toThrow(
      'expected batchSize to be a positive integer',
    );
    expect(() => dataset.batches({ batchSize: 1, order: 'shuffle' as never })).toThrow('Did you mean "shuffled"?');
  });
});

describe('windows', () => {
  const tokenizer = new ByteTokenizer();
  const text = Array.from({ length: 100 }, (_, i) => String.fromCharCode(32 + (i % 90))).join('');

  test('splits before it cuts: no window reaches into another part', async () => {
    const data = await windows(text, { tokenizer, length: 8, split: { validation: 0.2, test: 0.2 } });
    expect(tokenizer.decode(data.train.tokens)).toBe(text.slice(0, 60));
    expect(tokenizer.decode(data.validation!.tokens)).toBe(text.slice(60, 80));
    expect(tokenizer.decode(data.test!.tokens)).toBe(text.slice(80));
    expect(data.train.size).toBe(7);
  });

  test('parts that were not asked for are undefined', async () => {
    const data = await windows(text, { tokenizer, length: 8, stride: 4 });
    expect(data.train.tokens).toHaveLength(100);
    expect(data.train.stride).toBe(4);
    expect(data.validation).toBeUndefined();
    expect(data.test).toBeUndefined();
  });

  test('a part too short for one window is an error', async () => {
    await expect(windows(text, { tokenizer, length: 8, split: { validation: 0.05 } })).rejects.toThrow(
      'expected at least 9 tokens for windows of 8, received 5',
    );
  });
});
