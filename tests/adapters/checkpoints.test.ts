import { mkdtemp, rm } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addAdapter, deleteAdapter, getAdapterParameters } from '../../lib/adapters/index.js';
import type { LoraOptions } from '../../lib/adapters/index.js';
import type { Gpt } from '../../lib/models/index.js';
import { listBaseWeights, quantizeWeights } from '../../lib/nn/index.js';
import { noGrad, openSafetensors } from '../../lib/tensor/index.js';
import { Trainer } from '../../lib/training/index.js';
import type { TrainerOptions } from '../../lib/training/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { newModel, windowData } from '../training/fixtures.js';

freedAfterEach();

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'palabra-lora-checkpoints-'));
});
afterAll(() => rm(root, { recursive: true }));

const newAdapted = (options: LoraOptions = {}): Gpt => {
  const model = newModel();
  addAdapter(model, { r: 4, ...options });
  return model;
};

const settings = {
  ...{ steps: 12, batchSize: 8, evaluateEvery: 6, checkpointEvery: 4, seed: 3, restoreBest: false },
  optimizer: { type: 'adamw', learningRate: 0.02 },
} satisfies Partial<TrainerOptions>;

/** The bits of everything that a model stores. */
const bitsOf = (model: Gpt) => Object.values(model.stateDict()).map((value) => value.bits());

/** Trains six steps into a folder and leaves. */
async function begin(model: Gpt, folder: string, extra: Partial<TrainerOptions> = {}): Promise<string> {
  const runDirectory = join(root, folder);
  const trainer = new Trainer({ model, data: windowData(), ...settings, ...extra, runDirectory });
  for await (const { index } of trainer.steps()) if (index === 6) break;
  return runDirectory;
}

/** The names of all tensors of the newest checkpoint, by file. */
function listStored(runDirectory: string): { model: string[]; training: string[] } {
  const folder = join(runDirectory, 'checkpoints', readdirSync(join(runDirectory, 'checkpoints')).sort().at(-1)!);
  using model = openSafetensors(join(folder, 'model', 'model.safetensors'));
  using training = openSafetensors(join(folder, 'training.safetensors'));
  return { model: [...model.names].sort(), training: [...training.names] };
}

describe('a checkpoint of a model with adapters', () => {
  test('holds what is trained, whole modules and biases included, and nothing of the base', async () => {
    const model = newAdapted({ modulesToSave: ['head'], bias: 'loraOnly' });
    const folder = await begin(model, 'stored');
    const trained = Object.entries(model.stateDict()).filter(([, tensor]) => tensor.requiresGrad);
    expect(listStored(folder).model).toEqual(expect.arrayContaining(trained.map(([name]) => name)));
    const base = Object.keys(listBaseWeights(model));
    expect(base.length).toBeGreaterThan(10);
    expect(listStored(folder).model.filter((name) => base.includes(name))).toEqual([]);
    expect(listStored(folder).model.length + base.length).toBe(Object.keys(model.stateDict()).length);
  });

  test('without adapters, and after they are gone, holds all of the model', async () => {
    const model = newAdapted();
    deleteAdapter(model, 'default');
    expect(listBaseWeights(model)).toEqual({});
    model.unfreeze();
    const folder = await begin(model, 'whole');
    expect(listStored(folder).model).toEqual(Object.keys(model.stateDict()).sort());
  });

  test.each([{}, { ema: { decay: 0.9 } }])('is enough to go on from bit by bit (%j)', async (extra) => {
    const whole = newAdapted({ modulesToSave: ['head'] });
    await new Trainer({ model: whole, data: windowData(), ...settings, ...extra }).run();
    const folder = await begin(newAdapted({ modulesToSave: ['head'] }), `resumed-${Object.keys(extra).length}`, extra);
    const base = Object.keys(listBaseWeights(whole));
    const { training } = listStored(folder);
    expect(training.filter((name) => base.some((path) => name.endsWith(`/${path}`)))).toEqual([]);
    const again = newAdapted({ modulesToSave: ['head'] });
    await (await Trainer.resume(folder, { data: windowData(), model: again })).run();
    expect(bitsOf(again)).toEqual(bitsOf(whole));
  });

  test('is enough on a base in int8, factors of rows included', async () => {
    const newQuantized = (): Gpt => {
      const model = newModel();
      quantizeWeights(model, { weights: 'int8' });
      addAdapter(model, { r: 4 });
      return model;
    };
    const whole = newQuantized();
    await new Trainer({ model: whole, data: windowData(), ...settings }).run();
    const folder = await begin(newQuantized(), 'int8');
    const factors = Object.keys(getAdapterParameters(whole, 'default'));
    expect(listStored(folder).model).toEqual(factors.sort());
    const again = newQuantized();
    await (await Trainer.resume(folder, { data: windowData(), model: again })).run();
    expect(bitsOf(again)).toEqual(bitsOf(whole));
  });

  test('is refused on another base, which is named, and on a model without the adapter', async () => {
    const folder = await begin(newAdapted(), 'refused');
    const other = newAdapted();
    const [name, weight] = Object.entries(listBaseWeights(other)).at(-1)!;
    noGrad(() => weight.narrow(0, 0, 1).add_(1));
    const before = bitsOf(other);
    const resumed = await Trainer.resume(folder, { data: windowData(), model: other });
    await expect(resumed.run()).rejects.toMatchObject({ code: 'PAL_CHECKPOINT', details: { name } });
    expect(bitsOf(other)).toEqual(before);
    const plain = await Trainer.resume(folder, { data: windowData(), model: newModel() });
    await expect(plain.run()).rejects.toThrow(/PAL_CHECKPOINT.*\.A is not part of the model/s);
  });
});
