import { describe, expect, test } from '@jest/globals';
import { AdamW } from '../../lib/optim/index.js';
import { getRandomState, memory } from '../../lib/tensor/index.js';
import { findRate } from '../../lib/training/index.js';
import type { FoundRate, TrainerOptions } from '../../lib/training/index.js';
import { suggestRate } from '../../lib/training/find-rate.js';
import { freedAfterEach } from '../helpers/freed.js';
import { FaultyModel, newModel, trained, windowData } from './fixtures.js';

freedAfterEach();

const bits = (model: ReturnType<typeof newModel>) =>
  Object.fromEntries(Object.entries(model.stateDict()).map(([name, tensor]) => [name, [...tensor.bits()]]));

/** A curve of these losses, the rate tenfold from point to point. */
const curveOf = (losses: readonly number[]): FoundRate['curve'] =>
  losses.map((loss, i) => ({ learningRate: 10 ** i, loss, smoothed: loss }));

describe('findRate', () => {
  test.each(['adamw', 'muon', 'sgd', 'schedule-free'] as const)(
    '%s: a run at the suggested rate learns faster than at a tenth of it',
    async (type) => {
      const found = await findRate({ model: newModel(), data: windowData(), batchSize: 4, optimizer: { type } });
      const train = async (share: number) => {
        const optimizer = { type, learningRate: found.suggestion! * share };
        const { steps } = await trained({ optimizer, steps: 60, evaluateEvery: 60 });
        return steps.slice(-10).reduce((sum, { loss }) => sum + loss / 10, 0);
      };
      expect(await train(1)).toBeLessThan(await train(0.1));
    },
  );

  test('the rate rises evenly from the lowest to the highest, and each update is told', async () => {
    const told: number[] = [];
    const range = {
      lowest: 1e-4,
      highest: 1e-2,
      steps: 21,
      onProgress: ({ step }: { step: number }) => told.push(step),
    };
    const { curve, diverged } = await findRate({ model: newModel(), data: windowData(), epochs: 3 }, range);
    expect(curve.map(({ learningRate }) => Math.log10(learningRate))).toEqual(
      Array.from({ length: 21 }, (_, i) => expect.closeTo(-4 + i / 10, 10)),
    );
    expect([told, diverged]).toEqual([curve.map((_, i) => i + 1), false]);
  });

  test('model, random numbers and memory are as before, whatever the options ask for', async () => {
    const model = newModel({ dropout: 0.1 });
    model.norm.freeze();
    const [before, random] = [bits(model), getRandomState()];
    const options: TrainerOptions = {
      ...{ model, data: windowData(), minutes: 5, freeze: ['embedding'], ema: { decay: 0.9 }, runDirectory: '/none' },
      ...{ schedule: { type: 'plateau' }, earlyStopping: { patience: 1 }, restoreBest: true, mode: 'eager' },
    };
    const { allocatedBytes } = memory.stats();
    expect((await findRate(options, { steps: 20 })).curve).toHaveLength(20);
    expect(bits(model)).toEqual(before);
    expect(getRandomState()).toEqual(random);
    expect(Object.keys(model.namedParameters({ trainable: false }))).toEqual(['norm.weight']);
    expect(model.parameters().filter(({ grad }) => grad !== undefined)).toEqual([]);
    expect(memory.stats().allocatedBytes).toBe(allocatedBytes);
  });

  test('a loss that runs away, or is no number, ends it', async () => {
    const wild: TrainerOptions = {
      model: newModel(),
      data: windowData(),
      optimizer: { type: 'sgd' },
      maxGradNorm: null,
    };
    const found = await findRate({ ...wild, steps: 9 }, { highest: 1e4 });
    expect(found).toMatchObject({ diverged: true, suggestion: expect.any(Number) });
    expect(found.curve.length).toBeLessThan(100);
    const model = FaultyModel.make();
    model.factor = NaN;
    const broken = await findRate({ model, data: windowData(), steps: 9 });
    expect(broken).toEqual({ diverged: true, suggestion: undefined, curve: [] });
  });

  test('a signal ends it', async () => {
    const stopping = new AbortController();
    const range = { onProgress: ({ step }: { step: number }) => step === 12 && stopping.abort() };
    const { signal } = stopping;
    const { curve } = await findRate({ model: newModel(), data: windowData(), steps: 9, signal }, range);
    expect(curve).toHaveLength(12);
  });

  test('the steepest fall before the lowest loss is suggested, and none where nothing falls', () => {
    expect(suggestRate(curveOf([4, 4, 3.9, 3, 2.9, 2.8, 5]), 2)).toBe(100);
    expect(suggestRate(curveOf([4, 4.1, 4.3, 5]), 2)).toBeUndefined();
    expect(suggestRate(curveOf([4, 4, 3.999, 3.998]), 2)).toBeUndefined();
    expect(suggestRate([], 2)).toBeUndefined();
  });

  test('what can not be gone through is an error', async () => {
    const model = newModel();
    const options = { model, data: windowData(), steps: 9 };
    const optimizer = new AdamW([{ parameters: model.namedParameters() }]);
    await expect(findRate({ ...options, optimizer })).rejects.toThrow(
      /configuration of an optimizer, received a ready/,
    );
    await expect(findRate(options, { lowest: 1, highest: 1 })).rejects.toThrow(/\[PAL_ARGUMENT\] findRate: .*highest/);
    await expect(findRate(options, { steps: 3 })).rejects.toThrow(/steps of at least 10/);
    await expect(findRate(options, { low: 1 } as object)).rejects.toThrow(/low.*"lowest"/s);
  });
});
