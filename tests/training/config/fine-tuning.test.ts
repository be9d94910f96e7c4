import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel, saveModel } from '../../../lib/models/index.js';
import type { LanguageModel } from '../../../lib/models/index.js';
import { Muon } from '../../../lib/optim/index.js';
import { Trainer, createFineTuningOptimizer } from '../../../lib/training/index.js';
import type { TrainerOptions } from '../../../lib/training/index.js';
import { freedAfterEach } from '../../helpers/freed.js';
import { bitsOf, hold, newModel, trained, windowData } from '../fixtures.js';

freedAfterEach();

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'palabra-fine-tuning-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A model that was stored and opened again. */
async function openStored(model: LanguageModel = newModel()): Promise<LanguageModel> {
  const path = join(folder, 'model');
  await saveModel(path, model, { replace: true });
  return hold((await loadModel(path)).model);
}

/** The largest difference of two weights. */
function measureDistance(one: LanguageModel, other: LanguageModel): number {
  const weights = other.stateDict();
  const pairs = Object.entries(one.stateDict()).map(([name, tensor]) => tensor.detach().sub(weights[name]!.detach()));
  return Math.max(...pairs.map((difference) => difference.abs().max().item<number>()));
}

describe('a model that was opened from a folder', () => {
  test('the rate falls with the root of the size', () => {
    const rates = [1e4, 1e6, 1e8, 1e10].map((parameters) => createFineTuningOptimizer(parameters).learningRate);
    expect(rates).toEqual([1e-3, 2.5e-4, 2.5e-5, 2.5e-6]);
  });

  test('is trained by AdamW at the rate of its size; what is named holds, and no more', async () => {
    const model = await openStored();
    const build = (options: Partial<TrainerOptions>) =>
      hold(new Trainer({ model, data: windowData(), steps: 2, ...options })).config.optimizer;
    const recipe = createFineTuningOptimizer(model.parameterCount());
    expect(build({})).toMatchObject(recipe);
    const named = { type: 'adamw', learningRate: 0.5 } as const;
    expect(build({ optimizer: named })).toMatchObject({ ...recipe, learningRate: 0.5 });
    expect(build({ optimizer: { type: 'muon' } })).toMatchObject({ type: 'muon', learningRate: 5e-3 });
    expect(hold(new Trainer({ model: newModel(), data: windowData(), steps: 2 })).optimizer).toBeInstanceOf(Muon);
  });

  test('a resume reaches the same bits', async () => {
    const options = { steps: 6, evaluateEvery: 2 };
    const whole = await trained({ ...options, model: await openStored(), runDirectory: join(folder, 'whole') });
    const runDirectory = join(folder, 'cut');
    const first = new Trainer({
      ...options,
      model: await openStored(),
      data: windowData(),
      batchSize: 4,
      runDirectory,
    });
    for await (const { index } of hold(first).steps()) if (index === 3) break;
    const second = hold(await Trainer.resume(runDirectory, { data: windowData() }));
    await second.run();
    expect(bitsOf(second)).toEqual(bitsOf(whole.trainer));
  });

  test('a run never leaves a model that is worse than the one it began with', async () => {
    const taught = newModel();
    await trained({ model: taught, steps: 60 });
    const evaluations: [number, number][] = [];
    const listener = {
      name: 'listener',
      onEvaluation: ({ step, loss }: { step: number; loss: number }) => void evaluations.push([step, loss]),
    };
    const ruinous = { optimizer: { type: 'adamw', learningRate: 1 }, callbacks: [listener] } as const;
    const { trainer, end } = await trained({ model: await openStored(taught), steps: 4, ...ruinous });
    expect(evaluations[0]![0]).toBe(0);
    expect(evaluations.slice(1).every(([, loss]) => loss > evaluations[0]![1])).toBe(true);
    expect(end.best).toMatchObject({ step: 0, loss: evaluations[0]![1] });
    expect(measureDistance(trainer.model, taught)).toBe(0);
  });
});
