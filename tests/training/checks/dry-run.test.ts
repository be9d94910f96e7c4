import { describe, expect, test } from '@jest/globals';
import { Gpt, LstmLanguageModel } from '../../../lib/models/index.js';
import { manualSeed, getRandomState } from '../../../lib/tensor/index.js';
import { dryRun } from '../../../lib/training/index.js';
import { newModel } from '../fixtures.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const weightsOf = (model: Gpt | LstmLanguageModel) => model.parameters().map((weight) => [...weight.bits()]);

describe('dryRun', () => {
  test('fresh weights give ln V at batch 1 and 32, whatever the model', async () => {
    manualSeed(1);
    for (const model of [
      new Gpt({ vocabSize: 300, contextLength: 16, width: 32, layers: 2, dropout: 0.1 }),
      new LstmLanguageModel({ vocabSize: 300, embeddingDim: 16, width: 32 }),
    ]) {
      const [before, random] = [weightsOf(model), getRandomState()];
      const passes = await dryRun(model);
      expect(passes.map(({ batchSize, passed }) => [batchSize, passed])).toEqual([
        [1, true],
        [32, true],
      ]);
      for (const { loss, gradNorm, uniformLoss } of passes) {
        expect(uniformLoss).toBeCloseTo(Math.log(300), 9);
        expect(Math.abs(loss - uniformLoss)).toBeLessThan(0.1 * uniformLoss);
        expect(gradNorm).toBeGreaterThan(0);
      }
      expect([weightsOf(model), getRandomState()]).toEqual([before, random]);
      expect(model.parameters().every(({ grad }) => grad === undefined)).toBe(true);
      model.dispose();
    }
  });

  test('weights that are too large do not pass', async () => {
    const model = newModel({ initStd: 3 });
    const [pass] = await dryRun(model, { batchSizes: [4], length: 5 });
    model.dispose();
    expect(pass).toMatchObject({ batchSize: 4, length: 5, passed: false });
  });
});
