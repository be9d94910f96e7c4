import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import { chooseBucketLengths } from '../../../lib/data/datasets/bucket-lengths.js';
import { BucketDataset } from '../../../lib/data/index.js';
import { corpusOf, countedPairs, testDataset } from '../dataset-suite.js';

const random = new Random(5);
const varied = corpusOf(Array.from({ length: 2000 }, () => 2 + Math.floor(60 * -Math.log(1 - random.float()))));

describe('BucketDataset', () => {
  test('hand-worked: documents of similar length share a batch', () => {
    const dataset = new BucketDataset(corpusOf([3, 8, 4, 6]), { length: 7, lengths: [3, 7], paddingToken: 99 });
    const batches = [...dataset.batches({ batchSize: 2, order: 'sequential' })];
    expect(batches).toEqual([
      {
        inputs: Int32Array.of(0, 1, 99, 11, 12, 13),
        targets: Int32Array.of(1, 2, -100, 12, 13, 14),
        shape: [2, 3],
        examples: [0, 2],
      },
      {
        inputs: Int32Array.of(3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 18, 19, 99, 99),
        targets: Int32Array.of(4, 5, 6, 7, 8, 9, 10, 16, 17, 18, 19, 20, -100, -100),
        shape: [2, 7],
        examples: [1, 3],
      },
    ]);
    expect(dataset.paddingShare).toBeCloseTo(3 / 20, 12);
  });

  test('by default there are at most eight row lengths and little padding', () => {
    const dataset = new BucketDataset(varied, { length: 512 });
    expect(dataset.lengths.length).toBeLessThanOrEqual(8);
    const longest = Math.max(...dataset.lengths);
    expect(dataset.paddingShare).toBeLessThan(0.25);
    expect(new BucketDataset(varied, { length: longest, lengths: [longest] }).paddingShare).toBeGreaterThan(0.8);
  });

  test('the row lengths are the best of all choices', () => {
    const counts = [3, 5, 9, 9, 9, 17, 30, 31, 60, 64];
    const places = (lengths: number[]): number =>
      counts.reduce((sum, count) => sum + lengths.find((length) => length >= count)!, 0);
    const all = [8, 16, 24, 32, 60];
    const choices = all.flatMap((a) => all.flatMap((b) => [a, b]).map((b) => [a, b, 64].sort((x, y) => x - y)));
    const chosen = chooseBucketLengths(counts, 64, 3);
    expect(chosen).toEqual([16, 32, 64]);
    expect(places(chosen)).toBe(Math.min(...choices.map(places)));
    expect(chooseBucketLengths([5, 5], 64, 8)).toEqual([8]);
    expect(chooseBucketLengths([62], 63, 8)).toEqual([63]);
  });

  test('shuffled: each epoch holds every document once, in batches of its own', () => {
    const dataset = new BucketDataset(varied, { length: 512 });
    const sequence = dataset.batches({ batchSize: 32, order: 'shuffled', seed: 3 });
    const epochs = [0, 1].map((epoch) => {
      const examples: number[][] = [];
      while (sequence.epoch < epoch + 1) examples.push([...sequence.next().value!.examples!]);
      expect(sequence.epoch).toBe(epoch + 1);
      expect(new Set(examples.flat()).size).toBe(dataset.size);
      expect(examples.flat()).toHaveLength(dataset.size);
      return examples;
    });
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect(epochs[0]!.map((batch) => batch.length)).not.toEqual(epochs[1]!.map((batch) => batch.length));
  });

  test('random: every document is as likely', () => {
    const dataset = new BucketDataset(corpusOf([3, 3, 3, 20]), { length: 19, lengths: [2, 19] });
    const sequence = dataset.batches({ batchSize: 4, order: 'random' });
    const drawn = Array.from({ length: 2000 }, () => sequence.next().value!.examples!).flat();
    for (let example = 0; example < 4; example++) {
      const share = drawn.filter((one) => one === example).length / drawn.length;
      expect(Math.abs(share - 0.25)).toBeLessThan(0.03);
    }
  });

  test('longer documents are cut, and nothing is lost', () => {
    const dataset = new BucketDataset(corpusOf([25]), { length: 10 });
    const batches = [...dataset.batches({ batchSize: 8, order: 'sequential' })];
    expect(dataset.size).toBe(3);
    expect(
      batches
        .flatMap(countedPairs)
        .map(([, target]) => target)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
  });

  test('refuses lengths that do not ascend to the longest', () => {
    for (const lengths of [[4, 4, 8], [4], [8, 4], [0, 8], [2.5, 8], []]) {
      expect(() => new BucketDataset(corpusOf([5]), { length: 8, lengths })).toThrow('expected lengths to ascend to 8');
    }
  });
});

testDataset('documents in buckets', (corpus) => new BucketDataset(corpus, { length: 24 }));
