import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { StreamDataset } from '../../../lib/data/index.js';
import type { TokenBatch } from '../../../lib/data/index.js';
import { countedPairs, countingTokens, testDataset } from '../dataset-suite.js';

/** What each stream reads, batch after batch. */
function streamsOf(batches: TokenBatch[]): number[][] {
  const [rows, time] = batches[0]!.shape;
  return Array.from({ length: rows }, (_, row) =>
    batches.flatMap(({ inputs, targets }) =>
      [...inputs.subarray(row * time, (row + 1) * time)].filter((_, i) => targets[row * time + i] !== -100),
    ),
  );
}

describe('StreamDataset', () => {
  test('hand-worked: two streams, each batch continues the one before', () => {
    const dataset = new StreamDataset(countingTokens(12), { length: 2 });
    const batches = [...dataset.batches({ batchSize: 2, order: 'sequential' })];
    expect(batches.map(({ inputs, targets, resetState }) => [[...inputs], [...targets], resetState])).toEqual([
      [
        [0, 1, 5, 6],
        [1, 2, 6, 7],
        [true, true],
      ],
      [
        [2, 3, 7, 8],
        [3, 4, 8, 9],
        [false, false],
      ],
      [
        [4, 0, 9, 10],
        [5, -100, 10, 11],
        [false, false],
      ],
    ]);
  });

  test('every input is read once an epoch and every stream is one run', () => {
    const measure = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), measure, measure, fc.nat(), (tokens, batchSize, length, seed) => {
        const dataset = new StreamDataset(countingTokens(tokens), { length });
        const sequence = dataset.batches({ batchSize, order: 'shuffled', seed });
        for (let epoch = 0; epoch < 3; epoch++) {
          const batches: TokenBatch[] = [];
          while (sequence.epoch < epoch + 1) batches.push(sequence.next().value!);
          expect(batches).toHaveLength(Math.ceil(dataset.size / batchSize));
          expect(batches.map(({ resetState }) => resetState)).toEqual(
            batches.map(({ shape: [rows] }, i) => Array<boolean>(rows).fill(i === 0)),
          );
          const streams = streamsOf(batches);
          for (const stream of streams) {
            const jumps = stream.slice(1).filter((input, i) => input !== stream[i]! + 1);
            expect(jumps.every((input) => input === 0)).toBe(true);
          }
          expect(streams.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: tokens - 1 }, (_, i) => i));
          expect(batches.flatMap(countedPairs).filter(([input, target]) => target !== input + 1)).toEqual([]);
        }
      }),
    );
  });

  test('each epoch starts elsewhere', () => {
    const sequence = new StreamDataset(countingTokens(1000), { length: 10 }).batches({
      batchSize: 4,
      order: 'shuffled',
    });
    const first: number[] = [];
    for (let epoch = 0; epoch < 5; epoch++) {
      first.push(sequence.next().value!.inputs[0]!);
      while (sequence.epoch < epoch + 1) sequence.next();
    }
    expect(new Set(first).size).toBe(5);
  });

  test('refuses independent places and too little text', () => {
    const dataset = new StreamDataset(countingTokens(12), { length: 2 });
    expect(() => dataset.batches({ batchSize: 2, order: 'random' })).toThrow('expected order to be "shuffled" or');
    expect(() => new StreamDataset(countingTokens(1), { length: 2 })).toThrow('expected at least 2 tokens');
  });
});

testDataset('streams', ({ tokens }) => new StreamDataset(tokens, { length: 5 }), ['shuffled', 'sequential']);
