import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../../lib/core/index.js';
import { PackedDataset } from '../../../lib/data/index.js';
import type { PackOptions, TokenBatch } from '../../../lib/data/index.js';
import { packedDocuments } from '../../helpers/packed-documents.js';
import { corpusOf, countedPairs, testDataset } from '../dataset-suite.js';

function rows(dataset: PackedDataset<Uint32Array>): TokenBatch[] {
  return [...dataset.batches({ batchSize: 1, order: 'sequential' })];
}

describe('PackedDataset', () => {
  test('hand-worked: documents side by side, longest first, padding as a document of its own', () => {
    expect(packedDocuments()).toEqual({
      inputs: Int32Array.of(3, 1, 4, 1, 5, 9, 8, 9, 7, 9, 3, 0, 6, 5, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0),
      targets: Int32Array.of(
        ...[1, 4, 1, 5, 9, 2, 9, 7, 9, 3, 2, -100],
        ...[5, 3, 5, -100, -100, -100, -100, -100, -100, -100, -100, -100],
      ),
      documents: Int32Array.of(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1),
      positions: Int32Array.of(0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 0, 0, 1, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8),
      shape: [2, 12],
      examples: [0, 1],
    });
  });

  test('sequential: rows are full but the last, and a cut document starts anew in the next row', () => {
    const dataset = new PackedDataset(corpusOf([4, 6, 1, 3]), { length: 4, strategy: 'sequential', paddingToken: 99 });
    expect(rows(dataset).map(({ inputs, positions }) => [[...inputs], [...positions!]])).toEqual([
      [
        [0, 1, 2, 4],
        [0, 1, 2, 0],
      ],
      [
        [5, 6, 7, 8],
        [0, 1, 2, 3],
      ],
      [
        [11, 12, 99, 99],
        [0, 1, 0, 1],
      ],
    ]);
    expect(dataset.paddingShare).toBeCloseTo(2 / 12, 12);
  });

  test.each(['best-fit', 'sequential'] as const)('%s: each target occurs once, within its document', (strategy) => {
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 70 }), (lengths, length) => {
        fc.pre(Math.max(...lengths) > 1);
        const corpus = corpusOf(lengths);
        const dataset = new PackedDataset(corpus, { length, strategy });
        const targets = rows(dataset)
          .flatMap(countedPairs)
          .map(([, target]) => target);
        const starts = new Set(corpus.starts);
        const expected = [...corpus.tokens].filter((token) => !starts.has(token));
        expect(targets.sort((a, b) => a - b)).toEqual(expected);
        expect(dataset.targetCount).toBe(expected.length);
      }),
    );
  });

  test('within a document positions count up; it is one run in the text', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 2, max: 30 }), { minLength: 1, maxLength: 12 }), (lengths) => {
        for (const { inputs, targets, documents, positions } of rows(
          new PackedDataset(corpusOf(lengths), { length: 16 }),
        )) {
          const isWrong = (i: number): boolean => {
            const step = documents![i]! - documents![i - 1]!;
            if (step !== 0) return step !== 1 || positions![i] !== 0;
            return (
              positions![i] !== positions![i - 1]! + 1 || (targets[i] !== -100 && inputs[i] !== inputs[i - 1]! + 1)
            );
          };
          expect(Array.from({ length: 15 }, (_, i) => i + 1).filter(isWrong)).toEqual([]);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('best fit keeps whole what fits into a row, and pads little', () => {
    const random = new Random(1);
    const corpus = corpusOf(Array.from({ length: 3000 }, () => 2 + Math.floor(200 * -Math.log(1 - random.float()))));
    const packed = (strategy: NonNullable<PackOptions['strategy']>) =>
      new PackedDataset(corpus, { length: 1024, strategy });
    const whole = new Set(corpus.starts);
    const cut = rows(packed('best-fit')).flatMap(({ inputs, positions, targets }) =>
      [...inputs].filter((input, i) => positions![i] === 0 && targets[i] !== -100 && !whole.has(input)),
    );
    const long = corpus.starts.filter((start, i) => (corpus.starts[i + 1] ?? corpus.tokens.length) - start > 1025);
    expect(cut).toHaveLength(long.length);
    expect(packed('best-fit').paddingShare).toBeLessThan(0.01);
    expect(packed('sequential').paddingShare).toBeLessThan(0.002);
  });

  test('refuses documents without a target', () => {
    expect(() => new PackedDataset(corpusOf([1, 1]), { length: 4 })).toThrow(
      '[PAL_DATA] PackedDataset: expected a document of at least two tokens, received none in 2.',
    );
    expect(() => new PackedDataset(corpusOf([4]), { length: 4, strategy: 'first-fit' as never })).toThrow('strategy');
  });
});

testDataset('rows packed best-fit', (corpus) => new PackedDataset(corpus, { length: 20 }));
testDataset('rows packed in order', (corpus) => new PackedDataset(corpus, { length: 9, strategy: 'sequential' }));
