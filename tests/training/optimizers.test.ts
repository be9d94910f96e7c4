import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WindowDataset } from '../../lib/data/index.js';
import { Gpt } from '../../lib/models/index.js';
import type { OptimizerConfigOptions } from '../../lib/optim/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import { Trainer } from '../../lib/training/index.js';
import type { TrainerOptions } from '../../lib/training/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const tokens = Uint16Array.from({ length: 400 }, (_, i) => (i * i + (i >> 3)) % 11);
const data = {
  train: new WindowDataset(tokens.subarray(0, 300), { length: 8 }),
  validation: new WindowDataset(tokens.subarray(300), { length: 8 }),
};
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palabra-optimizers-'));
});
afterEach(() => rm(folder, { recursive: true }));

const optimizers: OptimizerConfigOptions[] = [
  { type: 'adamw', learningRate: 0.01 },
  { type: 'sgd', learningRate: 0.1, nesterov: true },
  { type: 'muon', learningRate: 0.01 },
  { type: 'schedule-free', learningRate: 0.01 },
];

function options(optimizer: OptimizerConfigOptions, more: Partial<TrainerOptions> = {}): TrainerOptions {
  manualSeed(1);
  const model = new Gpt({ vocabSize: 11, contextLength: 8, width: 16, layers: 2, heads: 2, dropout: 0.1 });
  return { model, data, optimizer, steps: 30, batchSize: 4, evaluateEvery: 10, ...more };
}

/** The losses of a run, those of evaluations among them, from the step after `from`. */
async function lossesOf(trainer: Trainer, upTo = Infinity): Promise<(number | undefined)[]> {
  const losses: (number | undefined)[] = [];
  for await (const { index, loss, validation } of trainer.steps()) {
    losses.push(loss, validation?.loss);
    if (index === upTo) break;
  }
  trainer.model.dispose();
  trainer.optimizer.dispose();
  return losses;
}

describe.each(optimizers)('a trainer with $type', (optimizer) => {
  test('learns, in programs and eagerly bit by bit the same', async () => {
    const replayed = await lossesOf(new Trainer(options(optimizer)));
    const eager = await lossesOf(new Trainer(options(optimizer, { mode: 'eager' })));
    expect(replayed).toEqual(eager);
    const last = replayed.filter((_, index) => index % 2 === 0).slice(-10);
    expect(Math.min(...last.map(Number))).toBeLessThan(replayed[0]! - 0.1);
  });

  test('goes on bit by bit after a resume, with an average of the weights and noise as well', async () => {
    const more = { ema: { decay: 0.9 }, gradientNoise: {}, schedule: { type: 'plateau', patience: 0 } } as const;
    const settings = optimizer.type === 'schedule-free' ? { gradientNoise: {} } : more;
    const whole = await lossesOf(new Trainer(options(optimizer, settings)));
    const runDirectory = join(folder, 'run');
    const first = await lossesOf(new Trainer(options(optimizer, { ...settings, runDirectory })), 13);
    const second = await lossesOf(await Trainer.resume(runDirectory, { data }));
    expect([...first, ...second]).toEqual(whole);
  });
});
