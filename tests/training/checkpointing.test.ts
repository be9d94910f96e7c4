import { expect, test } from '@jest/globals';
import { LstmLanguageModel } from '../../lib/models/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import { newModel, trained } from './fixtures.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

function newLstm(): LstmLanguageModel {
  manualSeed(2);
  return new LstmLanguageModel({ vocabSize: newModel().config.vocabSize, width: 12, dropout: 0 });
}

test.each([
  ['a Gpt with dropout', () => newModel({ dropout: 0.2 })],
  ['an LSTM', newLstm],
])('checkpointing gives the losses of a run without it: %s', async (_, make) => {
  const run = async (checkpointing: boolean) => {
    const optimizer = { type: 'adamw' } as const; // Muon's bfloat16 makes more of the last bits.
    const options = { model: make(), steps: 12, zLoss: 1e-3, accumulation: 2, optimizer };
    const { steps } = await trained({ ...options, checkpointing });
    return steps.map(({ loss, gradNorm }) => [loss, gradNorm]).flat();
  };
  const [plain, checkpointed] = [await run(false), await run(true)];
  checkpointed.forEach((value, i) => expect(Math.abs(value / plain[i]! - 1)).toBeLessThan(1e-4));
});

test('a run with checkpointing is the same bit by bit as a program and eagerly', async () => {
  const run = async (mode: 'program' | 'eager') => {
    const { steps } = await trained({ model: newModel({ dropout: 0.2 }), steps: 8, mode, checkpointing: true });
    return steps.map(({ loss }) => loss);
  };
  expect(await run('eager')).toEqual(await run('program'));
});
