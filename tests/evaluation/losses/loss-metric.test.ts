import { expect, test } from '@jest/globals';
import { StreamDataset, WindowDataset } from '../../../lib/data/index.js';
import type { TokenBatch } from '../../../lib/data/index.js';
import { LossMetric, measureBatches } from '../../../lib/evaluation/index.js';
import { Gpt, LstmLanguageModel } from '../../../lib/models/index.js';
import type { LossOutput } from '../../../lib/models/index.js';
import { tokenLoss } from '../../../lib/nn/index.js';
import type { TokenLossTerms } from '../../../lib/nn/index.js';
import { manualSeed, memory, noGrad, scope, tensor } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const row = Uint16Array.from({ length: 41 }, (_, i) => (i * i) % 7);
const windows = new WindowDataset(row, { length: 8 });
const sequential = (batchSize: number) => windows.batches({ batchSize, order: 'sequential' });

/** A model that tells how large its features are. */
class WatchedModel extends Gpt {
  protected override featureLoss(features: Tensor, targets: Tensor, terms: TokenLossTerms): LossOutput {
    const metrics = { squares: features.square().sum() };
    return { ...super.featureLoss(features, targets, terms), metrics };
  }
}

function newModel(): WatchedModel {
  manualSeed(1);
  return new WatchedModel({
    vocabSize: 7,
    contextLength: 8,
    width: 8,
    layers: 1,
    heads: 2,
    dropout: 0.5,
    initStd: 0.5,
  });
}

test.each(['program', 'eager'] as const)('the mean over every target of every batch, as by hand (%s)', async (mode) => {
  const model = newModel();
  const sums = [...sequential(5)].map(({ inputs, targets, shape }) =>
    scope(() => {
      const [ids, wanted] = [inputs, targets].map((values) => tensor(values, { shape, dtype: 'int64' }));
      return noGrad(() => tokenLoss(model.forward(ids!, { training: false }), wanted!, { reduction: 'sum' })).item();
    }),
  );
  using metric = new LossMetric(mode);
  for (const batchSize of [1, 2, 5]) {
    await measureBatches(model, sequential(batchSize), [metric]);
    expect(metric.tokens).toBe(40);
    expect(metric.result()).toBeCloseTo(sums.reduce((a, b) => a + b) / 40, 5);
    expect(Object.keys(metric.metrics)).toEqual(['squares']);
  }
});

test('figures of the model are means too, whatever the batches', async () => {
  const model = newModel();
  using metric = new LossMetric();
  const found = [];
  for (const batchSize of [1, 5]) {
    await measureBatches(model, sequential(batchSize), [metric]);
    found.push(metric.metrics.squares!);
  }
  expect(found[0]).toBeGreaterThan(0);
  expect(found[1]).toBeCloseTo(found[0]!, 4);
});

test('another model starts with recordings of its own, and nothing stays behind', async () => {
  const before = memory.stats().liveSlots;
  const metric = new LossMetric();
  const found = [];
  for (const initStd of [0.1, 0.9]) {
    manualSeed(2);
    const model = new Gpt({ vocabSize: 7, contextLength: 8, width: 8, layers: 1, heads: 2, initStd });
    await measureBatches(model, sequential(2), [metric]);
    found.push(metric.result());
    model.dispose();
  }
  metric.dispose();
  expect(found[0]).not.toBeCloseTo(found[1]!, 2);
  expect(memory.stats().liveSlots).toBeLessThanOrEqual(before);
});

test('streams hand the state of a recurrent model on', async () => {
  manualSeed(3);
  const model = new LstmLanguageModel({ vocabSize: 7, embeddingDim: 4, width: 8, dropout: 0 });
  const whole = new WindowDataset(row, { length: 40 });
  using metric = new LossMetric();
  await measureBatches(model, whole.batches({ batchSize: 1, order: 'sequential' }), [metric]);
  const expected = metric.result();
  const streams = new StreamDataset(row, { length: 8 });
  await measureBatches(model, streams.batches({ batchSize: 1, order: 'sequential' }), [metric]);
  expect(metric.result()).toBeCloseTo(expected, 5);
  const separate = [...streams.batches({ batchSize: 1, order: 'sequential' })].map(
    ({ resetState: _, ...batch }): TokenBatch => batch,
  );
  await measureBatches(model, separate, [metric]);
  expect(Math.abs(metric.result() - expected)).toBeGreaterThan(1e-5);
});

test('ends when the signal fires', async () => {
  using metric = new LossMetric();
  await expect(measureBatches(newModel(), sequential(2), [metric], AbortSignal.abort())).rejects.toMatchObject({
    code: 'PAL_ABORTED',
  });
});
