import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { windows } from '../../lib/data/index.js';
import { Gpt } from '../../lib/models/index.js';
import type { GptOptions } from '../../lib/models/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import { CharTokenizer } from '../../lib/text/index.js';
import { Trainer } from '../../lib/training/index.js';
import type { TrainerConfigOptions } from '../../lib/training/index.js';

const TEXT = '../shared/data/tinyshakespeare.txt';
const MARK = 1.92;
const STEPS = 2000;
const [BATCH, LENGTH] = [12, 64];
/** Steps by default settings, and the loss they are to reach: a ninth, and the whole, of the time of the recipe in PyTorch. */
const BY_DEFAULT = [
  [130, 1.9],
  [1000, 1.6],
] as const;

const reason = existsSync(TEXT) ? '' : ` (skipped: ${TEXT} is not there)`;
const describeWithText = reason === '' ? describe : describe.skip;

/** Trains on all but the last tenth, scores that, and prints how it went. */
async function trained(options: Omit<GptOptions, 'vocabSize'>, settings: TrainerConfigOptions): Promise<number> {
  const text = readFileSync(TEXT, 'utf8');
  const tokenizer = await CharTokenizer.train(text);
  const data = await windows(text, { tokenizer, length: LENGTH, split: { validation: 0.1 } });
  manualSeed(1337);
  const model = new Gpt({ vocabSize: tokenizer.size, contextLength: LENGTH, ...options });
  const trainer = new Trainer({ model, data, seed: 1337, evaluateEvery: settings.steps, ...settings });
  let seconds = 0;
  for await (const step of trainer.steps()) seconds += step.seconds;
  const { loss, tokens } = trainer.best!;
  const speed = Math.round((trainer.step * trainer.config.batchSize * LENGTH) / seconds);
  console.log(
    `validation loss ${loss.toFixed(4)} over ${tokens} characters; ${seconds.toFixed(0)} s, ${speed} tokens/s`,
  );
  expect(tokens).toBe(111_538);
  return loss;
}

describeWithText(`tinyshakespeare${reason}`, () => {
  /** The published character recipe for a CPU: 4 layers of width 128, learned positions, no dropout. */
  test(`the published recipe reaches a loss of ${MARK} on the whole validation part`, async () => {
    const model: Omit<GptOptions, 'vocabSize'> = {
      width: 128,
      layers: 4,
      heads: 4,
      positions: { type: 'learned' },
      queryKeyNorm: { type: 'none' },
      norm: { type: 'layer' },
      mlp: { type: 'gelu' },
    };
    const loss = await trained(model, {
      steps: STEPS,
      batchSize: BATCH,
      order: 'random',
      optimizer: { type: 'adamw', learningRate: 1e-3, weightDecay: 0.1, betas: [0.9, 0.99] },
      schedule: { type: 'cosine', minimum: 1e-4, warmup: 100 },
    });
    expect(loss).toBeLessThanOrEqual(MARK);
  });

  test.each(BY_DEFAULT)('by default %d steps reach a loss of %d', async (steps, mark) => {
    expect(await trained({}, { steps })).toBeLessThanOrEqual(mark);
  });
});
