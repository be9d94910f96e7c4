import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NO_TARGET } from '../../../lib/data/batches/batch.js';
import { WindowDataset, computeDatasetStatistics, formatDatasetStatistics, windows } from '../../../lib/data/index.js';
import type { BatchOptions, BatchOrder, Dataset, TokenBatch } from '../../../lib/data/index.js';
import { IGNORED_TARGET } from '../../../lib/nn/index.js';
import { ByteTokenizer, CharTokenizer } from '../../../lib/text/index.js';
import { countedPairs, testDataset } from '../dataset-suite.js';

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
    expect(dataset.size).toBe(3);
    expect(dataset.batchAt([0, 4])).toEqual({
      inputs: Int32Array.of(0, 1, 2, 4, 5, 6),
      targets: Int32Array.of(1, 2, 3, 5, 6, 7),
      shape: [2, 3],
      examples: [0, 1],
    });
  });

  test('golden: length 4, stride 2, the last window padded and masked', () => {
    const dataset = new WindowDataset(count(10), { length: 4, stride: 2, paddingToken: 99 });
    expect(dataset.size).toBe(4);
    const [batch] = [...dataset.batches({ batchSize: 4, order: 'sequential' })];
    expect(batch).toEqual({
      inputs: Int32Array.of(0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7, 6, 7, 8, 99),
      targets: Int32Array.of(1, 2, 3, 4, 3, 4, 5, 6, 5, 6, 7, 8, 7, 8, 9, -100),
      shape: [4, 4],
      examples: [0, 1, 2, 3],
    });
    expect([dataset.targetCount, dataset.paddingShare]).toEqual([15, 1 / 16]);
  });

  test('golden: the same with targets that count once, the rest being context', () => {
    const dataset = new WindowDataset(count(10), { length: 4, stride: 2, counted: 'once' });
    const [batch] = [...dataset.batches({ batchSize: 4, order: 'sequential' })];
    expect(batch!.targets).toEqual(Int32Array.of(1, 2, 3, 4, -100, -100, 5, 6, -100, -100, 7, 8, -100, -100, 9, -100));
    expect(dataset.targetCount).toBe(9);
  });

  test('every target counts exactly once when asked, whatever length and stride', () => {
    const measure = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 120 }), measure, measure, (tokens, length, stride) => {
        fc.pre(stride <= length);
        const dataset = new WindowDataset(count(tokens), { length, stride, counted: 'once' });
        const pairs = [...dataset.batches({ batchSize: 5, order: 'sequential' })].flatMap(countedPairs);
        expect(pairs.map(([, target]) => target)).toEqual(Array.from({ length: tokens - 1 }, (_, i) => i + 1));
      }),
    );
  });

  test('reports what it holds', () => {
    const dataset = new WindowDataset(count(10), { length: 4 });
    const counts = { tokens: 10, examples: 3, targets: 9, paddingShare: 0.25 };
    expect(computeDatasetStatistics(dataset)).toEqual(counts);
    expect(computeDatasetStatistics(dataset, 25)).toEqual({ ...counts, parametersPerToken: 2.5 });
    expect(() => computeDatasetStatistics(dataset, 0)).toThrow('expected parameters to be a positive integer');
    const own: Dataset = { size: 3, targetCount: 4000, batches: (options) => dataset.batches(options) };
    expect(computeDatasetStatistics(own, 2000)).toEqual({ examples: 3, targets: 4000, parametersPerToken: 0.5 });
    expect(formatDatasetStatistics(computeDatasetStatistics(own))).toBe('4,000 tokens to train on in 3 examples');
    expect(formatDatasetStatistics(computeDatasetStatistics(dataset, 12_345))).toBe(
      '9 tokens to train on in 3 examples, 25 % padding, 1,235 parameters a token',
    );
  });

  test.each([
    [4, 3, 3, 1],
    [6, 3, 3, 1],
    [7, 3, 3, 2],
    [10, 3, 1, 7],
    [10, 3, 100, 1],
  ])('%d tokens, windows of %d every %d: %d windows', (tokens, length, stride, size) => {
    const dataset = new WindowDataset(count(tokens), { length, stride, partial: 'drop' });
    expect(dataset.size).toBe(size);
    expect((size - 1) * stride).toBeLessThan(dataset.offsets);
    expect(size * stride).toBeGreaterThanOrEqual(dataset.offsets);
  });

  test.each([
    [2, 3, 3, 1],
    [7, 3, 3, 2],
    [8, 3, 3, 3],
    [10, 3, 1, 7],
    [10, 3, 4, 3],
    [10, 3, 9, 1],
    [11, 3, 9, 2],
  ])('%d tokens, windows of %d every %d, the last one padded: %d windows', (tokens, length, stride, size) => {
    expect(new WindowDataset(count(tokens), { length, stride }).size).toBe(size);
  });

  test('without partial windows no target occurs twice and less than a window is lost', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.integer({ min: 1, max: 20 }), (tokens, length) => {
        fc.pre(tokens > length);
        const dataset = new WindowDataset(count(tokens), { length, partial: 'drop' });
        const targets = [...dataset.batches({ batchSize: 3, order: 'sequential' })].flatMap((batch) => [
          ...batch.targets,
        ]);
        expect(targets).toEqual(Array.from({ length: dataset.size * length }, (_, i) => i + 1));
        expect(tokens - 1 - targets.length).toBeLessThan(length);
      }),
    );
  });

  test('refuses too little text and windows beyond the end', () => {
    expect(() => new WindowDataset(count(3), { length: 3, partial: 'drop' })).toThrow(
      '[PAL_DATA] WindowDataset: expected at least 4 tokens for windows of 3, received 3.',
    );
    expect(() => new WindowDataset(count(1), { length: 3 })).toThrow('expected at least 2 tokens, received 1.');
    expect(() => new WindowDataset(count(9), { length: 3, partial: 'keep' as never })).toThrow('partial');
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
    const drawn = draw(dataset, { batchSize: 10, order: 'random', seed: 1 }, 200);
    expect(Math.min(...drawn)).toBe(0);
    expect(Math.max(...drawn)).toBe(90);
    expect(new Set(drawn).size).toBe(91);
  });

  test.each<BatchOrder>(['shuffled', 'random'])('%s: a function of the seed', (order) => {
    const of = (seed: number): number[] => draw(dataset, { batchSize: 4, order, seed }, 6);
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  test('windows that overlap make an epoch by the targets that they train, and none overlap in evaluations', async () => {
    const overlapping = new WindowDataset(count(101), { length: 10, stride: 5 });
    expect(overlapping.targetCount).toBe(190);
    const options = { batchSize: 1, order: 'shuffled' } as const;
    expect(overlapping.countBatches({ epochs: 3 }, options)).toBe(Math.ceil((3 * 100) / 10));
    expect(overlapping.countBatches({ epochs: 3 }, { ...options, order: 'sequential' })).toBe(30);
    const targets = [...overlapping.batchesForEvaluation(3)].flatMap(({ targets: row }) => [...row]);
    expect(targets.filter((target) => target >= 0)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    const split = { validation: 0.3 };
    const text = 'to be or not to be, that is the question';
    const { train, validation } = await windows(text, { tokenizer: new ByteTokenizer(), length: 4, stride: 2, split });
    expect([train.stride, validation!.stride]).toEqual([2, 4]);
    expect(validation!.targetCount).toBe(validation!.tokens.length - 1);
  });

  test('counts epochs', () => {
    const stream = dataset.batches({ batchSize: 4, order: 'shuffled' });
    for (let i = 0; i < 5; i++) stream.next();
    expect(stream.epoch).toBe(2);
    expect(stream.remaining).toBe(Infinity);
  });

  test('refuses a position beyond the end and options out of range', () => {
    const stream = dataset.batches({ batchSize: 4, order: 'sequential' });
    expect(stream.save()).toEqual({
      dataset: '10 windows of 10, every 10 of 101 tokens',
      batchSize: 4,
      order: 'sequential',
      seed: 0,
      batches: 0,
    });
    expect(() => stream.restore({ ...stream.save(), batches: 4 })).toThrow(
      '[PAL_DATA] BatchSequence.restore: expected a position with batches of at most 3, received 4.',
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
    expect(data.train.size).toBe(8);
  });

  test('batches of different parts share no token position', async () => {
    const characters = Array.from({ length: 3000 }, (_, i) => String.fromCodePoint(0x4e00 + i));
    const unique = new CharTokenizer(characters);
    const split = { validation: 0.1, test: 0.1 };
    const documents = Array.from({ length: 30 }, (_, i) => characters.slice(i * 100, (i + 1) * 100).join(''));
    for (const by of ['block', 'document'] as const) {
      const data = await windows(documents, {
        tokenizer: unique,
        length: 16,
        stride: 8,
        split: { ...split, by },
      });
      const seen = [data.train, data.validation!, data.test!].map((part) => {
        const batches = [...part.batches({ batchSize: 4, order: 'sequential' })];
        return new Set(batches.flatMap(countedPairs).flat());
      });
      expect(seen[0]!.size + seen[1]!.size + seen[2]!.size).toBe(3000);
      expect(new Set(seen.flatMap((part) => [...part])).size).toBe(3000);
    }
  });

  test('parts that were not asked for are undefined', async () => {
    const data = await windows(text, { tokenizer, length: 8, stride: 4 });
    expect(data.train.tokens).toHaveLength(100);
    expect(data.train.stride).toBe(4);
    expect(data.validation).toBeUndefined();
    expect(data.test).toBeUndefined();
  });

  test('a part without a target is an error; a short one is padded', async () => {
    const short = await windows(text, { tokenizer, length: 8, split: { validation: 0.05 } });
    expect([short.validation!.size, short.validation!.targetCount]).toEqual([1, 4]);
    await expect(windows(text, { tokenizer, length: 8, split: { validation: 0.01 } })).rejects.toThrow(
      'expected at least 2 tokens, received 1',
    );
  });
});

test('what does not count for data does not count for the loss', () => {
  expect(NO_TARGET).toBe(IGNORED_TARGET);
});

testDataset('windows', ({ tokens }) => new WindowDataset(tokens, { length: 6 }));
testDataset(
  'overlapping windows',
  ({ tokens }) => new WindowDataset(tokens, { length: 8, stride: 3, counted: 'once' }),
);
