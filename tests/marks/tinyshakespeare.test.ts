import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { windows } from '../../lib/data/index.js';
import { Gpt } from '../../lib/models/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import { CharTokenizer } from '../../lib/text/index.js';
import { Trainer } from '../../lib/training/index.js';

const TEXT = '../shared/data/tinyshakespeare.txt';
const MARK = 1.92;
const STEPS = 2000;
const [BATCH, LENGTH] = [12, 64];

const reason = existsSync(TEXT) ? '' : ` (skipped: ${TEXT} is not there)`;
const describeWithText = reason === '' ? describe : describe.skip;

/** The published character recipe for a CPU: 4 layers of width 128, learned positions, no dropout. */
describeWithText(`tinyshakespeare${reason}`, () => {
  test(`2,000 steps reach a loss of ${MARK} on the whole validation part`, async () => {
    const text = readFileSync(TEXT, 'utf8');
    const tokenizer = await CharTokenizer.train(text);
    const data = await windows(text, { tokenizer, length: LENGTH, split: { validation: 0.1 } });
    manualSeed(1337);
    const model = new Gpt({
      vocabSize: tokenizer.size,
      contextLength: LENGTH,
      width: 128,
      layers: 4,
      heads: 4,
      positions: { type: 'learned' },
      queryKeyNorm: { type: 'none' },
      norm: { type: 'layer' },
      mlp: { type: 'gelu' },
    });
    const trainer = new Trainer({
      model,
      data,
      steps: STEPS,
      batchSize: BATCH,
      order: 'random',
      seed: 1337,
      optimizer: { type: 'adamw', learningRate: 1e-3, weightDecay: 0.1, betas: [0.9, 0.99] },
      schedule: { type: 'cosine', minimum: 1e-4, warmup: 100 },
      evaluateEvery: STEPS,
    });
    let seconds = 0;
    for await (const step of trainer.steps()) seconds += step.seconds;
    const { loss, tokens } = trainer.best!;
    const speed = Math.round((STEPS * BATCH * LENGTH) / seconds);
    console.log(
      `validation loss ${loss.toFixed(4)} over ${tokens} characters; ${seconds.toFixed(0)} s, ${speed} tokens/s`,
    );
    expect(tokens).toBe(111_538);
    expect(loss).toBeLessThanOrEqual(MARK);
  }, 1_200_000);
});
