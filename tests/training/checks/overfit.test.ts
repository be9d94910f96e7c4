import { describe, expect, test } from '@jest/globals';
import { LstmLanguageModel } from '../../../lib/models/index.js';
import type { Gpt } from '../../../lib/models/index.js';
import { memory } from '../../../lib/tensor/index.js';
import { overfitOneBatch } from '../../../lib/training/index.js';
import { newModel, windowData } from '../fixtures.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const weightsOf = (model: Gpt | LstmLanguageModel) => model.parameters().map((weight) => [...weight.bits()]);

describe('overfitOneBatch', () => {
  const batch = windowData().train.batches({ batchSize: 4, order: 'shuffled' }).next().value!;

  test('a sound model overfits a batch in 200 steps and forgets it again', async () => {
    for (const model of [
      newModel({ dropout: 0.3 }),
      new LstmLanguageModel({ vocabSize: 11, embeddingDim: 16, width: 32 }),
    ]) {
      const before = weightsOf(model);
      const slots = memory.stats().liveSlots;
      const { loss, steps, passed } = await overfitOneBatch(model, batch);
      expect(passed).toBe(true);
      expect(loss).toBeLessThan(0.1);
      expect(steps).toBeLessThanOrEqual(200);
      expect(weightsOf(model)).toEqual(before);
      expect(memory.stats().liveSlots).toBe(slots);
      model.dispose();
    }
  });

  test('a step that learns nothing does not pass', async () => {
    const model = newModel();
    const report = await overfitOneBatch(model, batch, { learningRate: 0, steps: 3 });
    model.dispose();
    expect(report).toMatchObject({ steps: 3, passed: false });
  });

  test('a loss that is no number ends it', async () => {
    const model = newModel();
    model.parameters()[0]!.detach().fill_(NaN);
    expect(await overfitOneBatch(model, batch)).toMatchObject({ steps: 1, passed: false });
    model.dispose();
  });
});
