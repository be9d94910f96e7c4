import { describe, expect, jest, test } from '@jest/globals';
import { WindowDataset } from '../../lib/data/index.js';
import { evaluate } from '../../lib/evaluation/index.js';
import { Gpt } from '../../lib/models/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import { Trainer } from '../../lib/training/index.js';
import type { TrainerOptions, TrainerStep } from '../../lib/training/index.js';

jest.setTimeout(60_000);

const tokens = Uint16Array.from({ length: 400 }, (_, i) => (i * i + (i >> 3)) % 11);
const data = () => ({
  train: new WindowDataset(tokens.subarray(0, 300), { length: 8 }),
  validation: new WindowDataset(tokens.subarray(300), { length: 8 }),
});

function newModel(dropout = 0): Gpt {
  manualSeed(1);
  return new Gpt({ vocabSize: 11, contextLength: 8, width: 16, layers: 2, heads: 2, dropout });
}

async function stepsOf(options: Partial<TrainerOptions>): Promise<{ steps: TrainerStep[]; trainer: Trainer }> {
  const trainer = new Trainer({ model: newModel(), data: data(), batchSize: 4, ...options });
  const steps: TrainerStep[] = [];
  for await (const step of trainer.steps()) steps.push(step);
  return { steps, trainer };
}

describe('Trainer', () => {
  test('lowers the loss and evaluates the whole split', async () => {
    const { steps, trainer } = await stepsOf({
      steps: 40,
      evaluateEvery: 10,
      optimizer: { type: 'adamw', learningRate: 0.01 },
    });
    expect(steps.map((step) => step.index)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(steps.filter((step) => step.validation).map((step) => step.index)).toEqual([10, 20, 30, 40]);
    expect(steps.at(-1)!.loss).toBeLessThan(steps[0]!.loss);
    const { loss, tokens: count } = await evaluate(trainer.model, tokens.subarray(300));
    expect(steps.at(-1)!.validation).toMatchObject({ tokens: count });
    expect(steps.at(-1)!.validation!.loss).toBeCloseTo(loss, 5);
  });

  test('a program and eager steps give the same losses bit by bit', async () => {
    const run = async (mode: 'program' | 'eager') => {
      const { steps } = await stepsOf({ model: newModel(0.2), steps: 12, evaluateEvery: 4, mode, labelSmoothing: 0.1 });
      return steps.map(({ loss, gradNorm, validation }) => [loss, gradNorm, validation?.loss]);
    };
    expect(await run('eager')).toEqual(await run('program'));
  });
});
