import { describe, expect, test } from '@jest/globals';
import type { CurriculumDataset } from '../../../lib/data/index.js';
import { buildDataset } from '../../../lib/data/index.js';
import { corpusOf } from '../dataset-suite.js';

const corpus = corpusOf([30, 40, 31]);

describe('buildDataset', () => {
  test.each([
    [{ type: 'windows' }, '9 windows of 12, every 12 of 101 tokens'],
    [
      { type: 'windows', length: 10, stride: 5, counted: 'once' },
      '19 windows of 10, 5 of them context, every 5 of 101 tokens',
    ],
    [{ type: 'packed', strategy: 'sequential' }, '9 rows of 12, packed sequential from 98 inputs'],
    [{ type: 'buckets', length: 32, lengths: [16, 32] }, '4 documents of 98 inputs in rows of 16, 32'],
    [{ type: 'streams' }, 'streams of 12 over 101 tokens'],
  ] as const)('%j', (options, description) => {
    expect(String(buildDataset(options as never, corpus, { contextLength: 12 }))).toBe(description);
  });

  test('a curriculum of datasets', () => {
    const dataset = buildDataset(
      {
        type: 'curriculum',
        stages: [
          { dataset: { type: 'windows', length: 8 }, until: { batches: 5 }, batchSize: 4 },
          { dataset: { type: 'packed' }, until: { epochs: 2 } },
          { dataset: { type: 'windows' } },
        ],
      },
      corpus,
      { contextLength: 32 },
    ) as CurriculumDataset<Uint32Array>;
    expect(dataset.stages.map((stage) => String(stage.dataset).split(' of ')[1])).toEqual([
      '8, every 8',
      '32, packed best-fit from 98 inputs',
      '32, every 32',
    ]);
  });

  test('pads with the given token', () => {
    const dataset = buildDataset({ type: 'windows', length: 101 }, corpus, { paddingToken: 9 });
    expect(dataset.batches({ batchSize: 1, order: 'sequential' }).next().value!.inputs.at(-1)).toBe(9);
  });

  test('refuses unknown keys, kinds and a missing length', () => {
    expect(() => buildDataset({ type: 'windows', lenght: 4 } as never, corpus)).toThrow('Did you mean "length"?');
    expect(() => buildDataset({ type: 'window' } as never, corpus)).toThrow(
      expect.objectContaining({ code: 'PAL_CONFIG' }),
    );
    expect(() => buildDataset({ type: 'packed' }, corpus)).toThrow('expected a length, received none for packed');
    const stages = [{ dataset: { type: 'windows', length: 4 }, until: { batches: 0 } }] as const;
    expect(() => buildDataset({ type: 'curriculum', stages: [...stages] }, corpus)).toThrow('PAL_CONFIG');
  });
});
