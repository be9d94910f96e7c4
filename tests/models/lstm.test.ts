import { describe, expect, jest, test } from '@jest/globals';
import { Gpt, LstmLanguageModel, lstmConfigSchema, lstmPresets } from '../../lib/models/index.js';
import { manualSeed, noGrad, tensor, zeros } from '../../lib/tensor/index.js';

/** A busy machine takes longer. */
jest.setTimeout(60_000);

const ids = () =>
  tensor(
    [
      [1, 2, 3],
      [3, 2, 1],
    ],
    { dtype: 'int64' },
  );
const evaluating = { training: false };

describe('LstmLanguageModel', () => {
  test('has 4,773,140 parameters at a vocabulary of 10,004', () => {
    const model = new LstmLanguageModel({ vocabSize: 10_004, ...lstmPresets.standard });
    expect(model.parameterCount()).toBe(4_773_140);
    expect(model.config).toEqual({
      vocabSize: 10_004,
      embeddingWidth: 128,
      width: 256,
      layers: 2,
      dropout: 0.3,
      tied: false,
    });
    model.dispose();
  });

  test('the minimal preset has one layer of 128 units', () => {
    const model = new LstmLanguageModel({ vocabSize: 65, ...lstmPresets.minimal });
    expect(model.parameterCount()).toBe(65 * 128 + 4 * 128 * 256 + 2 * 512 + 128 * 65 + 65);
  });

  test('every setting has a description', () => {
    for (const schema of Object.values(lstmConfigSchema.shape)) expect(schema.description).toMatch(/^[A-Z].+\.$/);
  });

  test('starts as specified', () => {
    manualSeed(0);
    const model = new LstmLanguageModel({ vocabSize: 500 });
    expect(model.embedding.weight.std().item()).toBeCloseTo(0.01, 3);
    const bound = Math.sqrt(6 / (256 + 500));
    expect(model.head.weight.abs().max().item()).toBeLessThanOrEqual(bound);
    expect(model.head.weight.abs().max().item()).toBeGreaterThan(0.99 * bound);
    expect(model.head.bias!.abs().max().item()).toBe(0);
    expect(model.lstm.layers[1]!.inputBias.tolist()).toEqual([0, 1, 0, 0].flatMap((bias) => Array(256).fill(bias)));
  });

  test('a tied output has a map to the width of the table', () => {
    const model = new LstmLanguageModel({ vocabSize: 20, embeddingWidth: 6, width: 8, tied: true });
    expect(model.head.weight).toBe(model.embedding.weight);
    expect(model.projection!.weight.shape).toEqual([6, 8]);
    expect(model.forward(ids(), evaluating).shape).toEqual([2, 3, 20]);
  });

  test('dropout acts in training only', () => {
    const model = new LstmLanguageModel({ vocabSize: 20 });
    const run = (training: boolean) => noGrad(() => model.forward(ids(), { training })).tolist();
    expect(run(false)).toEqual(run(false));
    expect(run(true)).not.toEqual(run(true));
  });

  test('its state counts tokens and bytes', () => {
    const model = new LstmLanguageModel({ vocabSize: 20, width: 8 });
    const state = model.newState(2);
    expect([state.length, state.bytes]).toEqual([0, 0]);
    model.forward(ids(), { ...evaluating, state });
    expect([state.length, state.bytes]).toEqual([3, 2 * (2 * 2 * 8) * 4]);
    const fork = state.fork(3);
    expect([fork.length, fork.bytes]).toEqual([3, 3 * state.bytes]);
    fork.dispose();
    state.dispose();
    expect(state.bytes).toBe(0);
  });

  test('refuses what it cannot do', () => {
    const model = new LstmLanguageModel({ vocabSize: 20, width: 8 });
    const documents = zeros([2, 3], { dtype: 'int64' });
    expect(() => model.forward(ids(), { ...evaluating, documents })).toThrow(/\[PAL_UNSUPPORTED\].*documents/);
    expect(() => model.forward(ids(), { ...evaluating, state: model.newState(3) })).toThrow(
      /\[PAL_SHAPE\].*batch of 3/,
    );
    const stranger = new Gpt({ vocabSize: 5, width: 4, heads: 1 }).newState(2);
    expect(() => model.forward(ids(), { ...evaluating, state: stranger })).toThrow(/a state of newState.*GptState/);
  });
});
