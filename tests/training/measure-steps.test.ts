import { describe, expect, jest, test } from '@jest/globals';
import { AdamW } from '../../lib/optim/index.js';
import { memory } from '../../lib/tensor/index.js';
import { measureSteps } from '../../lib/training/index.js';
import { resolveTrainerConfig } from '../../lib/training/config/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { newModel, windowData } from './fixtures.js';

freedAfterEach();

const bits = (model: ReturnType<typeof newModel>) =>
  Object.fromEntries(Object.entries(model.stateDict()).map(([name, tensor]) => [name, [...tensor.bits()]]));

/** Measures by a clock on which updates take these seconds. */
async function measure(seconds: readonly number[], minutes: number): Promise<{ expectedSteps: number; made: number }> {
  let [now, made] = [0, 0];
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
  const model = newModel();
  const loss = model.loss.bind(model);
  const options = { data: windowData(), batchSize: 4, minutes, mode: 'eager' as const };
  model.loss = (...words) => {
    now += seconds[made]! * 1000;
    made++;
    return loss(...words);
  };
  const found = await measureSteps({ ...options, model }, { minutes, trials: seconds.length }).finally(() =>
    clock.mockRestore(),
  );
  return { expectedSteps: found.expectedSteps, made };
}

describe('measureSteps', () => {
  test('counts by the fastest update behind the first; a tenth of the time is left to evaluations', async () => {
    await expect(measure([2, 0.6, 0.5, 0.7], 10)).resolves.toEqual({ expectedSteps: 1080, made: 4 });
  });

  test('ends when it has taken a tenth of the time, with at least one update', async () => {
    await expect(measure([7, 1, 1], 1)).resolves.toEqual({ expectedSteps: 7, made: 1 });
    await expect(measure([90, 1, 1], 1)).resolves.toEqual({ expectedSteps: 1, made: 1 });
  });

  test('leaves the model as it was, frozen parameters too, and no memory', async () => {
    const model = newModel();
    model.norm.freeze();
    const [before, { allocatedBytes }] = [bits(model), memory.stats()];
    const told: number[] = [];
    const onProgress = ({ step }: { step: number }): unknown => told.push(step);
    const options = { model, data: windowData(), minutes: 5, freeze: ['embedding'], runDirectory: '/none' };
    await measureSteps(options, { minutes: 5, trials: 3, onProgress });
    expect(bits(model)).toEqual(before);
    expect(Object.keys(model.namedParameters({ trainable: false }))).toEqual(['norm.weight']);
    expect(memory.stats().allocatedBytes).toBe(allocatedBytes);
    expect(told).toEqual([1, 2, 3]);
  });

  test('a ready-made optimizer and no time are errors', async () => {
    const model = newModel();
    const optimizer = new AdamW([{ parameters: model.namedParameters() }]);
    await expect(measureSteps({ model, data: windowData(), optimizer }, { minutes: 1 })).rejects.toThrow(/ready/);
    await expect(measureSteps({ model, data: windowData() }, { minutes: 0 })).rejects.toThrow(/minutes/);
  });
});

test('recipe and schedule go by the steps that are expected of the time, which are no bound', () => {
  const train = { size: 1000, targetCount: 16_000 };
  const of = (named: object) =>
    resolveTrainerConfig({ batchSize: 10, minutes: 5, ...named }, { train, validated: true });
  expect(of({ expectedSteps: 42 })).toMatchObject({
    recipe: { name: 'single-epoch', dropout: 0 },
    config: { schedule: { warmup: 2 }, optimizer: { weightDecay: 0.1 } },
    limits: { steps: undefined },
  });
  expect(of({ expectedSteps: 1000 }).recipe.name).toBe('multi-epoch');
  expect(of({}).recipe.name).toBe('multi-epoch');
  expect(of({ steps: 500, expectedSteps: 42 }).limits).toMatchObject({ steps: 500, scheduleSteps: 500 });
});
