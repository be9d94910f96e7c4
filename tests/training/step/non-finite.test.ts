import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import { Trainer } from '../../../lib/training/index.js';
import type { Callback } from '../../../lib/training/index.js';
import { FaultyModel, bitsOf, windowData } from '../fixtures.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const INJECTIONS = 100;

/** Calls `inject` before a step, and remembers the bits of everything before it. */
function injector(at: number, inject: () => void, trainer: () => Trainer): Callback & { before?: unknown } {
  const callback: Callback & { before?: unknown } = {
    name: 'injector',
    onStepStart: (index) => {
      if (index !== at) return;
      inject();
      callback.before = bitsOf(trainer());
    },
  };
  return callback;
}

interface Failure {
  code: string;
  message: string;
  details: Record<string, unknown>;
}

async function failure(trainer: Trainer): Promise<Failure> {
  const outcome: unknown = await trainer.run().catch((error: unknown) => error);
  expect(outcome).toHaveProperty('code');
  return outcome as Failure;
}

test(`${INJECTIONS} injections of NaN and infinity: weights and optimizer as after the step before`, async () => {
  const random = new Random(5);
  const optimizers = ['adamw', 'sgd', 'muon', 'schedule-free'] as const;
  for (let injection = 0; injection < INJECTIONS; injection++) {
    const model = FaultyModel.make();
    const at = 1 + random.integer(3);
    const value = [NaN, Infinity, -Infinity][random.integer(3)]!;
    const callback: ReturnType<typeof injector> = injector(
      at,
      () => (model.factor = value),
      () => trainer,
    );
    const settings = {
      accumulation: 1 + random.integer(2),
      mode: random.integer(4) === 0 ? 'eager' : 'program',
    } as const;
    const optimizer = { type: optimizers[random.integer(4)]! };
    const trainer: Trainer = new Trainer({
      model,
      data: windowData(),
      batchSize: 4,
      steps: 5,
      optimizer,
      ...settings,
      callbacks: [callback],
    });
    const { code, details } = await failure(trainer);
    expect([code, details.step]).toEqual(['PAL_NON_FINITE', at]);
    expect(bitsOf(trainer)).toEqual(callback.before);
    trainer.optimizer.dispose();
    model.dispose();
  }
});

describe('the message', () => {
  const failing = async (inject: (model: FaultyModel) => void) => {
    const model = FaultyModel.make();
    const callback: ReturnType<typeof injector> = injector(
      2,
      () => inject(model),
      () => trainer,
    );
    const trainer: Trainer = new Trainer({ model, data: windowData(), batchSize: 4, steps: 5, callbacks: [callback] });
    return await failure(trainer);
  };

  test('names step, examples and the first module', async () => {
    const { message, details } = await failing((model) => (model.factor = NaN));
    expect(message).toMatch(/loss NaN and gradient norm NaN at step 2, examples (\d+, ){3}\d+; first in the loss\./);
    expect(details).toMatchObject({ step: 2, culprit: 'the loss' });
    const { train } = windowData();
    const batches = train.batches({ batchSize: 4, order: 'shuffled', seed: 0 });
    batches.next();
    expect(details.examples).toEqual(batches.next().value!.examples);
  });

  test('names an inner module', async () => {
    const { details } = await failing((model) => {
      // Finite weights whose product overflows.
      model.blocks[1]!.mlp.parameters().forEach((weight) => weight.detach().fill_(1e30));
    });
    expect(details.culprit).toMatch(/^the output of blocks\.1\.mlp/);
  });

  test('names a weight', async () => {
    const { details } = await failing(
      (model) => void model.blocks[0]!.mlp.parameters()[0]!.detach().narrow(0, 0, 1).fill_(NaN),
    );
    expect(details.culprit).toMatch(/^the weight blocks\.0\.mlp\./);
  });

  test('names a weight before the first step as well: NaN is no sign of later tokens being seen', async () => {
    const model = FaultyModel.make();
    model.parameters()[0]!.detach().fill_(NaN);
    const { code, details } = await failure(new Trainer({ model, data: windowData(), batchSize: 4, steps: 5 }));
    expect([code, details.step]).toEqual(['PAL_NON_FINITE', 1]);
    expect(details.culprit).toMatch(/^the weight /);
  });
});
