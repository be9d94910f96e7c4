import { describe, expect, test } from '@jest/globals';
import { MixedDataset, StreamDataset } from '../../lib/data/index.js';
import type { BatchOptions } from '../../lib/data/index.js';
import { LstmLanguageModel } from '../../lib/models/index.js';
import { manualSeed, noGrad, scope, tensor } from '../../lib/tensor/index.js';
import type { TrainerOptions } from '../../lib/training/index.js';
import { VOCABULARY, newModel, tokens, trained } from './fixtures.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const BATCH = 3;
const data = {
  train: new StreamDataset(tokens.subarray(0, 100), { length: 8 }),
  validation: new StreamDataset(tokens, { length: 8 }),
};
/** A first step that changes next to nothing. */
const still = { type: 'constant', warmup: 1_000_000_000 } as const;

function newLstm(): LstmLanguageModel {
  manualSeed(1);
  return new LstmLanguageModel({ vocabSize: VOCABULARY, embeddingDim: 8, width: 16, layers: 2, dropout: 0 });
}

/** The losses of the batches with the state carried by hand. */
function byHand(
  model: LstmLanguageModel,
  stream: StreamDataset,
  batches: number,
  batchSize = BATCH,
  order: Omit<BatchOptions, 'batchSize'> = { order: 'sequential' },
): number[] {
  let state = model.newState(batchSize);
  const sequence = stream.batches({ batchSize, ...order });
  return Array.from({ length: batches }, () => {
    const { inputs, targets, shape, resetState } = sequence.next().value!;
    if (resetState?.[0] === true) state = model.newState(batchSize);
    return noGrad(() =>
      scope(() => {
        const rows = [inputs, targets].map((values) => tensor(values, { shape, dtype: 'int64' }));
        const { lossSum, count } = model.loss(rows[0]!, rows[1]!, { training: false, state });
        return lossSum.item() / count.item();
      }),
    );
  });
}

const run = async (options: Partial<TrainerOptions>) =>
  await trained({ model: newLstm(), data, batchSize: BATCH, order: 'sequential', ...options });

describe('batches that continue each other', () => {
  test.each(['program', 'eager'] as const)('hand on the state (%s), and evaluations do as well', async (mode) => {
    const { steps } = await run({ steps: 5, mode, schedule: still, evaluateEvery: 5 });
    const expected = byHand(newLstm(), data.train, 5);
    for (const [i, { loss }] of steps.entries()) expect(loss).toBeCloseTo(expected[i]!, 5);
    // The last of the 50 batches of one row has 7 targets for 8.
    const whole = byHand(newLstm(), data.validation, 50, 1);
    expect(steps[4]!.validation!.tokens).toBe(399);
    const sum = whole.reduce((total, loss, i) => total + loss * (i < 49 ? 8 : 7), 0);
    expect(steps[4]!.validation!.loss).toBeCloseTo(sum / 399, 5);
  });

  test('give the same validation loss for every batch size: the state goes through the whole split', async () => {
    const losses = async (batchSize: number) =>
      (await run({ steps: 1, batchSize, schedule: still })).steps[0]!.validation?.loss;
    const [one, ...others] = [await losses(1), await losses(4), await losses(32)];
    for (const other of others) expect(other).toBeCloseTo(one!, 5);
  });

  test('in microBatches are the same, each with a state of its own', async () => {
    const losses = async (accumulation: number) =>
      (await run({ steps: 12, accumulation })).steps.map(({ loss }) => loss);
    const [whole, cut] = [await losses(1), await losses(3)];
    for (const [i, loss] of cut.entries()) expect(loss).toBeCloseTo(whole[i]!, 4);
  });

  test.each(['program', 'eager'] as const)('of a mix have a state for each dataset (%s)', async (mode) => {
    const parts = [tokens.subarray(0, 100), tokens.subarray(100, 220)].map(
      (ids) => new StreamDataset(ids, { length: 8 }),
    );
    const train = new MixedDataset(parts.map((dataset) => ({ dataset, weight: 1 })));
    const mixed = { data: { train, validation: data.validation }, order: 'shuffled', schedule: still } as const;
    const { steps } = await run({ ...mixed, steps: 8, mode });
    const expected = parts.map((part, seed) => byHand(newLstm(), part, 4, BATCH, { order: 'shuffled', seed }));
    for (const [i, { loss }] of steps.entries()) expect(loss).toBeCloseTo(expected[i % 2]![i >> 1]!, 5);
  });

  test('need a recurrent model, and say so before anything is started', async () => {
    const started: string[] = [];
    const callbacks = [{ name: 'start', onStart: () => void started.push('started') }];
    await expect(trained({ model: newModel(), data, steps: 1, order: 'sequential', callbacks })).rejects.toMatchObject({
      code: 'PAL_UNSUPPORTED',
    });
    expect(started).toEqual([]);
  });
});
