import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MixedDataset, StreamDataset, WindowDataset } from '../../../lib/data/index.js';
import type { BatchPosition, TokenBatch } from '../../../lib/data/index.js';
import { expectSame } from '../../helpers/expect-same.js';
import { countedPairs, countingTokens } from '../dataset-suite.js';

/** Windows of 4 tokens; those of the second begin at 1,000. */
const first = (size = 40) => new WindowDataset(countingTokens(size), { length: 4 });
const second = (size = 60) =>
  new WindowDataset(
    countingTokens(size).map((id) => id + 1000),
    { length: 4 },
  );
const mixOf = (...weights: number[]) =>
  new MixedDataset([first(), second()].map((dataset, index) => ({ dataset, weight: weights[index]! })));

const take = (sequence: Iterator<TokenBatch>, count: number): TokenBatch[] =>
  Array.from({ length: count }, () => sequence.next().value as TokenBatch);
const isSecond = ({ inputs }: TokenBatch): boolean => inputs[0]! >= 1000;
const share = (batches: TokenBatch[]): number => batches.filter(isSecond).length / batches.length;

describe('MixedDataset', () => {
  test('each dataset comes as often as its weight says, evenly spread', () => {
    const weights = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 60 }), ([one, other], count) => {
        const batches = take(mixOf(one, other).batches({ batchSize: 2, order: 'shuffled' }), count);
        const expected = (count * other) / (one + other);
        expect(Math.abs(batches.filter(isSecond).length - expected)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 100 },
    );
  });

  test('weights change the mix from the next batch on', () => {
    const mix = mixOf(1, 1);
    const sequence = mix.batches({ batchSize: 2, order: 'shuffled' });
    expect(share(take(sequence, 20))).toBe(0.5);
    mix.weights = [1, 4];
    expect(share(take(sequence, 50))).toBeCloseTo(0.8, 1);
    mix.weights = [1, 0];
    expect(share(take(sequence, 20))).toBe(0);
  });

  test.each(['shuffled', 'random', 'sequential'] as const)(
    '%s: a saved position goes on with the same batches, whatever was done to the weights',
    (order) => {
      fc.assert(
        fc.property(fc.nat(20), fc.nat(20), fc.nat(), (before, changed, seed) => {
          const options = { batchSize: 3, order, seed };
          const mix = mixOf(2, 1);
          const sequence = mix.batches(options);
          take(sequence, Math.min(before, sequence.remaining));
          mix.weights = [1, changed];
          take(sequence, Math.min(3, sequence.remaining));
          const position = JSON.parse(JSON.stringify(sequence.save())) as BatchPosition;
          const epoch = sequence.epoch;
          const rest = take(sequence, Math.min(12, sequence.remaining));
          const other = mixOf(5, 5);
          const resumed = other.batches(options);
          resumed.restore(position);
          expect(resumed.epoch).toBe(epoch);
          expectSame(take(resumed, rest.length), rest);
          if (order !== 'sequential') expect(other.weights).toEqual([1, changed]);
        }),
        { numRuns: 60 },
      );
    },
  );

  test('in order, and to be evaluated, every example comes once', () => {
    const mix = mixOf(0, 7);
    for (const sequence of [mix.batches({ batchSize: 3, order: 'sequential' }), mix.batchesForEvaluation(3)]) {
      const batches = [...sequence];
      expect(batches.flatMap(countedPairs)).toHaveLength(mix.targetCount);
      expect(batches.flatMap(({ examples }) => examples!)).toEqual(Array.from({ length: mix.size }, (_, i) => i));
      expect(sequence.epoch).toBeCloseTo(1, 12);
    }
  });

  test('an epoch are as many targets as there are, and budgets are counted so', () => {
    const mix = mixOf(1, 3);
    const options = { batchSize: 3, order: 'shuffled' as const };
    const steps = mix.countBatches({ epochs: 2 }, options);
    const sequence = mix.batches(options);
    const targets = (batches: TokenBatch[]) => batches.flatMap(countedPairs).length;
    const seen = targets(take(sequence, steps));
    expect(sequence.epoch).toBeCloseTo(seen / mix.targetCount, 1);
    expect(sequence.epoch).toBeGreaterThanOrEqual(2);
    expect(mix.countBatches({ tokens: mix.targetCount * 2 }, options)).toBe(steps);
    expect(mix.weights).toEqual([1, 3]);
  });

  test('other data, by hash and by name, are noticed', async () => {
    const smaller = new MixedDataset([
      { dataset: first(), weight: 1 },
      { dataset: second(56), weight: 1 },
    ]);
    expect(await smaller.hash()).not.toBe(await mixOf(1, 1).hash());
    expect(await mixOf(9, 1).hash()).toBe(await mixOf(1, 1).hash());
    const options = { batchSize: 2, order: 'shuffled' as const };
    expect(() => smaller.batches(options).restore(mixOf(1, 1).batches(options).save())).toThrow('[PAL_DATA]');
  });

  test('streams continue those of their own dataset, whose number they name', () => {
    const stream = (from: number) =>
      new StreamDataset(
        countingTokens(81).map((id) => id + from),
        { length: 4 },
      );
    const datasets = [stream(0), second(), stream(2000)];
    const mix = new MixedDataset(datasets.map((dataset) => ({ dataset, weight: 1 })));
    const batches = take(mix.batches({ batchSize: 2, order: 'shuffled' }), 24);
    for (const [index, dataset] of datasets.entries()) {
      const own = batches.filter(({ inputs }) => Math.floor(inputs[0]! / 1000) === index);
      const alone = take(dataset.batches({ batchSize: 2, order: 'shuffled', seed: index }), 8);
      expect(own.map(({ inputs, resetState, stream: named }) => [inputs, resetState, named])).toEqual(
        alone.map(({ inputs, resetState }) => [inputs, resetState, index === 1 ? undefined : index]),
      );
    }
  });

  test('weights that make no mix are refused', () => {
    expect(() => mixOf(0, 0)).toThrow('expected a weight above 0, received [0, 0]');
    expect(() => mixOf(-1, 1)).toThrow('weights[0]');
    expect(() => mixOf(NaN, 1)).toThrow('weights[0]');
    expect(() => (mixOf(1, 1).weights = [1])).toThrow('2 weights, one a dataset');
    expect(() => new MixedDataset([])).toThrow('a weight above 0');
  });
});
