import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WindowDataset } from '../../../lib/data/index.js';
import type { Prepared } from '../../../lib/data/index.js';
import { Gpt } from '../../../lib/models/index.js';
import { manualSeed } from '../../../lib/tensor/index.js';
import { CharTokenizer } from '../../../lib/text/index.js';
import { Trainer, diagnoseRun, readPreparedFacts, sampleRun } from '../../../lib/training/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

describe('readPreparedFacts', () => {
  const windows = { length: 32, count: 400, duplicates: 3 };
  const pair = { heldOut: 'validation', reference: 'train', compared: 1, exact: 0, near: 0, windows, examples: [] };
  const prepared = (more: object) =>
    ({
      manifest: { tokenizer: { type: 'word' }, splits: { train: { tokens: 900, documents: 1 } }, ...more },
      tokenizer: { specialTokens: { '<UNK>': 1 } },
      train: { tokens: Uint16Array.of(1, 1, 1, 1) },
      validation: { tokens: Uint16Array.of(5, 1, 6, 7, 8, 9, 1, 4) },
    }) as unknown as Prepared;

  test('the tokenizer, shared windows, unknown tokens of the validation split', () => {
    expect(readPreparedFacts(prepared({ contamination: { pairs: [pair] } }))).toEqual({
      ...{ tokenizer: 'word', trainTokens: 900, sharedWindows: 0.0075, unknownRate: 0.25 },
    });
  });

  test('what was not looked at is unknown', () => {
    const facts = readPreparedFacts({ ...prepared({}), tokenizer: {} } as unknown as Prepared);
    expect(facts).toMatchObject({ sharedWindows: undefined, unknownRate: undefined });
  });
});

describe('sampleRun', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'palabra-samples-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('a model that only repeats is found out by its texts', async () => {
    manualSeed(1);
    const text = 'abcabc '.repeat(100);
    const tokenizer = await CharTokenizer.train(text);
    const train = new WindowDataset(Uint16Array.from(tokenizer.encode(text)), { length: 16 });
    const model = new Gpt({ vocabSize: tokenizer.size, contextLength: 16, width: 32, layers: 1, heads: 2 });
    const optimizer = { type: 'adamw', learningRate: 0.01 } as const;
    const runDirectory = join(folder, 'run');
    await new Trainer({ model, tokenizer, data: { train }, optimizer, steps: 60, batchSize: 8, runDirectory }).run();
    const samples = await sampleRun(runDirectory, ['abc'], { maxTokens: 60, seed: 1, samples: 2, temperature: 1.4 });
    expect(samples).toHaveLength(2);
    expect(samples[0]).toMatchObject({ temperature: 1.4 });
    expect(samples[0]!.logProbabilities).toHaveLength(samples[0]!.ids.length);
    expect((await diagnoseRun(runDirectory, { samples })).map(({ code }) => code)).toContain('GEN_REPEAT');
    await expect(sampleRun(join(folder, 'none'), ['abc'])).rejects.toMatchObject({ code: 'PAL_FILE' });
  });
});
