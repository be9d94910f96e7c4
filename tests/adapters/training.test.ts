import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addAdapter, getAdapterParameters } from '../../lib/adapters/index.js';
import type { LoraOptions } from '../../lib/adapters/index.js';
import type { Gpt } from '../../lib/models/index.js';
import { trainStep } from '../../lib/step/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { buildOptimizer } from '../../lib/optim/index.js';
import { Trainer } from '../../lib/training/index.js';
import type { TrainerOptions } from '../../lib/training/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { newModel, windowData } from '../training/fixtures.js';

freedAfterEach();

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'palabra-lora-runs-'));
});
afterAll(() => rm(root, { recursive: true }));

const newAdapted = (options: LoraOptions = {}): Gpt => {
  const model = newModel();
  addAdapter(model, { r: 4, ...options });
  return model;
};

const settings = {
  ...{ steps: 24, batchSize: 8, evaluateEvery: 8, checkpointEvery: 8, seed: 3 },
  optimizer: { type: 'adamw', learningRate: 0.02 },
} satisfies Partial<TrainerOptions>;

const bitsOf = (model: Gpt) => Object.values(getAdapterParameters(model, 'default')).map((value) => value.bits());

describe('a Trainer', () => {
  test.each([false, true])(
    'trains an adapter and leaves the base its bits (checkpointing %s)',
    async (checkpointing) => {
      const model = newAdapted();
      const base = Object.values(model.namedParameters({ trainable: false }));
      const bits = base.map((value) => value.bits());
      const losses: number[] = [];
      const trainer = new Trainer({ model, data: windowData(), ...settings, checkpointing });
      for await (const { loss } of trainer.steps()) losses.push(loss);
      expect(losses.at(-1)!).toBeLessThan(0.9 * losses[0]!);
      expect(base.map((value) => value.bits())).toEqual(bits);
      expect(Object.keys(trainer.optimizer.stateDict()).every((name) => /\.[AB]\.\w+$/.test(name))).toBe(true);
    },
  );

  test('evaluates without dropout, whatever it trains with', async () => {
    const losses: number[] = [];
    for (const loraDropout of [0, 0.9]) {
      const model = newAdapted({ loraDropout });
      const optimizer = { type: 'adamw', learningRate: 0 } as const;
      const trainer = new Trainer({ model, data: windowData(), ...settings, steps: 8, optimizer });
      for await (const { validation } of trainer.steps()) if (validation) losses.push(validation.loss);
    }
    expect(losses).toHaveLength(2);
    expect(losses[0]).toBe(losses[1]);
  });

  test('goes on after a stop to the same adapter bit by bit, on a model with the same adapter', async () => {
    const [whole, broken] = [newAdapted(), newAdapted()];
    const data = windowData();
    await new Trainer({ model: whole, data, ...settings, restoreBest: false }).run();
    const runDirectory = join(root, 'run');
    const first = new Trainer({ model: broken, data, ...settings, restoreBest: false, runDirectory });
    for await (const { index } of first.steps()) if (index === 13) break;
    const again = newAdapted();
    const second = await Trainer.resume(runDirectory, { data, model: again });
    await second.run();
    expect(bitsOf(again)).toEqual(bitsOf(whole));
  });
});

test('a step makes gradients for the factors alone, and no update for the rest', async () => {
  const model = newAdapted();
  const factors = getAdapterParameters(model, 'default');
  const optimizer = buildOptimizer({ type: 'adamw', learningRate: 1e-3 }, model);
  using step = trainStep({ model, optimizer, maxGradNorm: 1 });
  const [batch] = windowData().train.batches({ batchSize: 4, order: 'sequential' });
  await step.run(batch!);
  const frozen = Object.values(model.stateDict()).filter((tensor) => !tensor.requiresGrad);
  const numbers = (tensors: readonly Tensor[]) => tensors.reduce((sum, { numel }) => sum + numel, 0);
  expect(numbers(frozen)).toBeGreaterThan(numbers(Object.values(factors)));
  expect(frozen.filter(({ grad }) => grad !== undefined)).toEqual([]);
  expect(Object.values(factors).map(({ grad }) => grad?.shape)).toEqual(
    Object.values(factors).map(({ shape }) => shape),
  );
  // AdamW has two moments a number, and a count of steps a tensor or a group.
  const moments = Object.values(optimizer.stateDict()).filter(({ ndim }) => ndim > 0);
  expect(numbers(moments)).toBe(2 * numbers(Object.values(factors)));
  optimizer.dispose();
});

test('LoRA+ gives B a learning rate of its own', () => {
  const model = newAdapted({ loraPlusRatio: 16 });
  const optimizer = buildOptimizer({ type: 'adamw', learningRate: 1e-3 }, model);
  const scales = optimizer.groups.map(({ parameters, learningRateScale, weightDecay }) => {
    return [[...new Set(Object.keys(parameters).map((name) => name.at(-1)))], learningRateScale, weightDecay];
  });
  expect(scales).toEqual([[['A'], 1, 0], [['B'], 16, 0]]); // prettier-ignore
  optimizer.dispose();
});
