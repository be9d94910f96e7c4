import { describe, expect, test } from '@jest/globals';
import {
  BucketDataset,
  CurriculumDataset,
  PackedDataset,
  StreamDataset,
  WindowDataset,
} from '../../../lib/data/index.js';
import type { BatchOrder, Dataset } from '../../../lib/data/index.js';
import { LstmLanguageModel } from '../../../lib/models/index.js';
import { manualSeed } from '../../../lib/tensor/index.js';
import type { LimitOptions } from '../../../lib/training/index.js';
import { VOCABULARY, hold, tokens, trained } from '../fixtures.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const train = tokens.subarray(0, 300);
const starts = [0, 5, 9, 40, 61, 70, 110, 113, 150, 200, 222, 260];
const corpus = { tokens: train, starts };
const windows = (length: number, stride = length) => new WindowDataset(train, { length, stride });

/** Every kind of dataset, one that only wraps another among them. */
const datasets: Record<string, Dataset> = {
  windows: windows(8),
  'overlapping windows': windows(8, 3),
  'overlapping windows that count once': new WindowDataset(train, { length: 8, stride: 3, counted: 'once' }),
  packed: new PackedDataset(corpus, { length: 8 }),
  buckets: new BucketDataset(corpus, { length: 16, lengths: [4, 8, 16] }),
  streams: new StreamDataset(train, { length: 8 }),
  curriculum: new CurriculumDataset([
    { dataset: windows(2), until: { epochs: 1 }, batchSize: 16 },
    { dataset: windows(4), until: { batches: 3 } },
    { dataset: windows(32) },
  ]),
  "one of one's own": {
    size: windows(8).size,
    targetCount: windows(8).targetCount,
    batches: (options) => windows(8).batches(options),
  },
};
const orders: BatchOrder[] = ['shuffled', 'random', 'sequential'];
const limits: LimitOptions[] = [
  { epochs: 3 },
  { epochs: 0.4 },
  { epochs: 2.5 },
  { tokens: 700 },
  { tokens: 40, epochs: 1 },
];

const cases = Object.keys(datasets).flatMap((name) =>
  orders.filter((order) => name !== 'streams' || order !== 'random').map((order) => [name, order] as const),
);

function newLstm(): LstmLanguageModel {
  manualSeed(1);
  return hold(new LstmLanguageModel({ vocabSize: VOCABULARY, embeddingDim: 4, width: 4, layers: 1, dropout: 0 }));
}

describe.each(cases)('%s, %s', (name, order) => {
  test.each([7, 500])(
    'as many updates of %d rows are made as were announced, and the schedule ends with them',
    async (batchSize) => {
      for (const limit of limits) {
        const schedule = { type: 'linear' } as const;
        const optimizer = { type: 'sgd', learningRate: 1e-3, momentum: 0 } as const;
        const settings = { ...limit, batchSize, order, schedule, optimizer, mode: 'eager' as const };
        const { steps, trainer } = await trained({ model: newLstm(), data: { train: datasets[name]! }, ...settings });
        expect([limit, steps.length]).toEqual([limit, trainer.totalSteps]);
        for (const { index, learningRate } of steps)
          expect(learningRate).toBeCloseTo(1e-3 * (1 - (index - 1) / steps.length), 9);
        const last = steps.at(-1)!;
        expect(last.epoch >= (limit.epochs ?? Infinity) - 1e-9 || last.totalTokens >= (limit.tokens ?? Infinity)).toBe(
          true,
        );
        trainer.model.dispose();
        trainer.optimizer.dispose();
      }
    },
  );
});

test.each([{ epochs: 3 }, { tokens: 900 }])('a run has ten evaluations, whatever its batches: %j', async (limit) => {
  for (const name of ['curriculum', 'buckets', 'windows']) {
    const data = { train: datasets[name]!, validation: windows(8) };
    const { steps } = await trained({ model: newLstm(), data, ...limit, batchSize: 2, mode: 'eager' });
    const evaluations = steps.filter(({ validation }) => validation).length;
    // The steps between them are whole, so short runs have a few less.
    expect(evaluations).toBeGreaterThan(6);
    expect(evaluations).toBeLessThanOrEqual(10);
  }
});
