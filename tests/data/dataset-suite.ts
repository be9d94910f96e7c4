import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { BatchOrder, BatchPosition, TokenBatch, TokenDataset, TokenRow } from '../../lib/data/index.js';
import { expectSame } from '../helpers/expect-same.js';

/** Tokens that count up: an id is its place in the row. */
export const countingTokens = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i);

/** Documents of some lengths, of tokens that count up. */
export function corpusOf(sizes: readonly number[]): { tokens: Uint32Array; starts: number[] } {
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
  return { tokens: countingTokens(sizes.reduce((sum, size) => sum + size, 0)), starts };
}

/** The pairs of input and target that count, in the order of the batch. */
export function countedPairs({ inputs, targets }: TokenBatch): [number, number][] {
  return [...targets].flatMap((target, i) => (target === -100 ? [] : [[inputs[i]!, target] as [number, number]]));
}

/** The promises of every dataset. `make` gets documents whose tokens count up. */
export function testDataset(
  name: string,
  make: (corpus: { tokens: Uint32Array; starts: number[] }) => TokenDataset<TokenRow>,
  orders: readonly BatchOrder[] = ['shuffled', 'random', 'sequential'],
): void {
  const lengths = fc.array(fc.integer({ min: 2, max: 40 }), { minLength: 1, maxLength: 12 });
  const batchSize = fc.integer({ min: 1, max: 7 });

  describe(`${name}: what holds for every dataset`, () => {
    test('an epoch in order holds what the counts say, and each target follows its input', () => {
      fc.assert(
        fc.property(lengths, batchSize, (sizes, size) => {
          const dataset = make(corpusOf(sizes));
          const sequence = dataset.batches({ batchSize: size, order: 'sequential' });
          const expected = sequence.remaining;
          const batches = [...sequence];
          expect(batches).toHaveLength(expected);
          const pairs = batches.flatMap(countedPairs);
          // An epoch is over when as many targets have counted as there are.
          expect(sequence.epoch).toBeCloseTo(pairs.length / new Set(pairs.map(([input]) => input)).size, 9);
          const evaluated = [...dataset.batchesForEvaluation(size)].flatMap(countedPairs);
          expect(evaluated).toHaveLength(new Set(evaluated.map(([input]) => input)).size);
          expect(pairs).toHaveLength(dataset.targetCount);
          expect(pairs.filter(([input, target]) => target !== input + 1)).toEqual([]);
          const isWrong = ({ inputs, targets, shape: [rows, time], examples }: TokenBatch): boolean =>
            inputs.length !== rows * time ||
            targets.length !== rows * time ||
            rows > size ||
            !examples!.every((example) => example >= 0 && example < dataset.size);
          expect(batches.filter(isWrong)).toEqual([]);
        }),
        { numRuns: 60 },
      );
    });

    test.each(orders)('%s: any saved position continues with the same batches', (order) => {
      fc.assert(
        fc.property(lengths, batchSize, fc.nat(30), fc.nat(), (sizes, size, before, seed) => {
          const dataset = make(corpusOf(sizes));
          const options = { batchSize: size, order, seed };
          const sequence = dataset.batches(options);
          for (let i = 0; i < before; i++) sequence.next();
          const resumed = dataset.batches(options);
          resumed.next();
          resumed.restore(JSON.parse(JSON.stringify(sequence.save())) as BatchPosition);
          expect([resumed.epoch, resumed.remaining]).toEqual([sequence.epoch, sequence.remaining]);
          for (let i = 0; i < 4; i++) expectSame(resumed.next(), sequence.next());
        }),
        { numRuns: 40 },
      );
    });

    test.each(orders.filter((order) => order !== 'sequential'))('%s: a function of the seed', (order) => {
      const dataset = make(corpusOf([40, 30, 35, 20, 28, 31, 17, 22]));
      const drawn = (seed: number): unknown[] => {
        const sequence = dataset.batches({ batchSize: 3, order, seed });
        return Array.from({ length: 6 }, () => sequence.next().value);
      };
      expect(drawn(1)).toEqual(drawn(1));
      expect(drawn(1)).not.toEqual(drawn(2));
    });

    test('counts its places', () => {
      fc.assert(
        fc.property(lengths, (sizes) => {
          const dataset = make(corpusOf(sizes));
          const batches = [...dataset.batches({ batchSize: 1, order: 'sequential' })];
          expect(batches.reduce((sum, { inputs }) => sum + inputs.length, 0)).toBe(dataset.positionCount);
          expect(dataset.targetCount).toBeLessThanOrEqual(dataset.inputCount);
          expect(dataset.inputCount).toBeLessThanOrEqual(dataset.positionCount);
          expect(dataset.paddingShare).toBeCloseTo(1 - dataset.inputCount / dataset.positionCount, 12);
        }),
        { numRuns: 40 },
      );
    });

    test('refuses the position of other options and of another dataset', () => {
      const dataset = make(corpusOf([40, 30]));
      const saved = dataset.batches({ batchSize: 2, order: 'shuffled', seed: 1 }).save();
      const restore = (other: TokenDataset<TokenRow>, change: object) => () => {
        other.batches({ batchSize: 2, order: 'shuffled', seed: 1, ...change }).restore(saved);
      };
      expect(restore(dataset, { seed: 2 })).toThrow('expected a position with seed 2, received 1.');
      expect(restore(dataset, { batchSize: 3 })).toThrow('expected a position with batchSize 3, received 2.');
      expect(restore(dataset, { order: 'sequential' })).toThrow(expect.objectContaining({ code: 'PAL_DATA' }));
      expect(restore(make(corpusOf([39, 30])), {})).toThrow('expected a position with dataset');
    });
  });
}
