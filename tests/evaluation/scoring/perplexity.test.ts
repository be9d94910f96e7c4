import { describe, expect, test } from '@jest/globals';
import { Gpt, LstmLanguageModel } from '../../../lib/models/index.js';
import { tokenLoss } from '../../../lib/nn/index.js';
import { manualSeed, memory, noGrad, tensor } from '../../../lib/tensor/index.js';
import { evaluate } from '../../../lib/evaluation/index.js';

const split = Uint16Array.from({ length: 30 }, (_, i) => (i * 3) % 7);
const newModel = () => new Gpt({ vocabSize: 7, contextLength: 8, width: 8, layers: 1, heads: 2, initStd: 0.5 });

describe('evaluate', () => {
  test('takes the mean over every token but the first, each once', async () => {
    manualSeed(1);
    const model = newModel();
    const ids = [...split];
    const byHand = noGrad(() =>
      [0, 8, 16, 24].map((start) => {
        const inputs = tensor([ids.slice(start, Math.min(start + 8, 29))], { dtype: 'int64' });
        const targets = tensor([ids.slice(start + 1, start + 9)], { dtype: 'int64' });
        return tokenLoss(model.forward(inputs), targets, { reduction: 'sum' }).item();
      }),
    );
    const expected = byHand.reduce((a, b) => a + b) / 29;
    for (const batchSize of [1, 2, 3, 100]) {
      const { loss, perplexity, tokens } = await evaluate(model, split, { batchSize });
      expect(loss).toBeCloseTo(expected, 5);
      expect(perplexity).toBeCloseTo(Math.exp(expected), 4);
      expect(tokens).toBe(29);
    }
  });

  test('reads windows of the length asked for', async () => {
    const model = newModel();
    const short = await evaluate(model, split, { length: 2 });
    expect(short.tokens).toBe(29);
    expect(short.loss).not.toBe((await evaluate(model, split)).loss);
  });

  test('drops nothing out, whatever the mode of the model', async () => {
    const model = new LstmLanguageModel({ vocabSize: 7, embeddingDim: 4, width: 8, dropout: 0.5 }).train();
    const first = await evaluate(model, split);
    expect((await evaluate(model, split)).loss).toBe(first.loss);
    expect(model.training).toBe(true);
  });

  test('leaves no tensor behind', async () => {
    const model = newModel();
    await evaluate(model, split);
    const before = memory.stats().liveSlots;
    await evaluate(model, split);
    expect(memory.stats().liveSlots).toBe(before);
  });

  test('ends when the signal fires', async () => {
    await expect(evaluate(newModel(), split, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'PAL_ABORTED',
    });
  });

  test('refuses a split without a target', async () => {
    await expect(evaluate(newModel(), split.subarray(0, 1))).rejects.toThrow(
      /\[PAL_DATA\] evaluate.*at least 2 tokens/,
    );
    expect((await evaluate(newModel(), split.subarray(0, 2))).tokens).toBe(1);
  });
});
