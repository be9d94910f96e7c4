import { describe, expect, test } from '@jest/globals';
import { LstmLanguageModel } from '../../lib/models/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import { Trainer } from '../../lib/training/index.js';
import type { TrainerEvent, Callback, TrainerStep } from '../../lib/training/index.js';
import { FaultyModel, bitsOf, newModel, trained, windowData } from './fixtures.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const optimizer = {
  type: 'adamw' as const,
  learningRate: 0.01,
  betas: [0.9, 0.999] as [number, number],
  weightDecay: 0.01,
};

const models = {
  gpt: () => newModel(),
  lstm: () => {
    manualSeed(1);
    return new LstmLanguageModel({ vocabSize: 11, embeddingDim: 16, width: 16, dropout: 0 });
  },
};

async function losses(name: keyof typeof models, precision: 'float32' | 'bfloat16' | 'float16'): Promise<number[]> {
  const { steps, trainer } = await trained({
    model: models[name](),
    steps: 30,
    precision,
    optimizer,
    evaluateEvery: 30,
  });
  const tensors = [...trainer.model.parameters(), ...Object.values(trainer.optimizer.stateDict())];
  expect(tensors.every(({ dtype }) => dtype === 'float32')).toBe(true);
  return steps.map(({ loss, validation }) => validation?.loss ?? loss);
}

test.each([
  ['gpt', 'bfloat16'],
  ['gpt', 'float16'],
  ['lstm', 'bfloat16'],
] as const)('%s in %s learns as in float32, but not bit by bit', async (name, precision) => {
  const [full, short] = [await losses(name, 'float32'), await losses(name, precision)];
  expect(short).not.toEqual(full);
  for (const [i, loss] of short.entries()) expect(Math.abs(loss / full[i]! - 1)).toBeLessThan(0.02);
});

describe('float16', () => {
  test('an overflow halves the scale and changes nothing else', async () => {
    const model = FaultyModel.make();
    const events: TrainerEvent[] = [];
    const snapshots: unknown[] = [];
    const callback: Callback = {
      name: 'overflow',
      onStepStart: (index) => void (model.factor = index === 2 ? Infinity : 1),
      onStep: () => void snapshots.push(bitsOf(trainer)),
      onEvent: (event) => void events.push(event),
    };
    const options = { model, data: windowData(), batchSize: 4, steps: 4, optimizer };
    const trainer = new Trainer({ ...options, precision: 'float16', callbacks: [callback] });
    const steps: TrainerStep[] = [];
    for await (const step of trainer.steps()) steps.push(step);
    expect(steps.map(({ skipped }) => skipped)).toEqual([false, true, false, false]);
    expect(events).toEqual([{ type: 'skipped-update', step: 2, scale: 32_768 }]);
    expect(snapshots[1]).toEqual(snapshots[0]);
    expect(snapshots[2]).not.toEqual(snapshots[1]);
  });

  test('a model that always overflows ends the run', async () => {
    const model = FaultyModel.make();
    model.factor = NaN;
    await expect(trained({ model, steps: 100, precision: 'float16' })).rejects.toMatchObject({
      code: 'PAL_NON_FINITE',
      details: { step: 17 },
    });
  });

  test('is refused where an operator does not know it', async () => {
    const running = losses('lstm', 'float16').then(
      () => 'it does',
      (error: { code: string }) => error.code,
    );
    // A libtorch for another machine may have one.
    expect(['it does', 'PAL_UNSUPPORTED']).toContain(await running);
  });
});
