/** A model from outside lib: trained, resumed, stored, opened and asked for text, by its registration alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { StreamDataset, WindowDataset } from '../../lib/data/index.js';
import { generateTexts } from '../../lib/generation/index.js';
import { buildModel, loadModel } from '../../lib/models/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import { ByteTokenizer } from '../../lib/text/index.js';
import { Trainer } from '../../lib/training/index.js';
import { FadingMemoryModel } from '../helpers/fading-memory.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const tokenizer = new ByteTokenizer();
const tokens = Uint16Array.from(tokenizer.encode('abcd'.repeat(60)));
const data = {
  train: new StreamDataset(tokens.subarray(0, 192), { length: 8 }),
  validation: new WindowDataset(tokens.subarray(192), { length: 8 }),
};
const settings = {
  data,
  tokenizer,
  batchSize: 4,
  evaluateEvery: 6,
  optimizer: { type: 'adamw', learningRate: 0.1 },
} as const;

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'palabra-own-model-'));
  manualSeed(5);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('trains with its memory carried on, resumes, and writes what it has learned', async () => {
  const [whole, halves] = [join(folder, 'whole'), join(folder, 'halves')];
  const build = (): FadingMemoryModel => {
    manualSeed(5);
    return buildModel('fading-memory', { vocabSize: tokenizer.size }) as FadingMemoryModel;
  };
  const schedule = { type: 'constant' } as const;
  await new Trainer({ ...settings, schedule, model: build(), steps: 60, runDirectory: whole }).run();
  await new Trainer({ ...settings, schedule, model: build(), steps: 30, runDirectory: halves }).run();
  const resumed = await Trainer.resume(halves, { data, steps: 60 });
  await resumed.run();

  const { model, tokenizer: stored } = await loadModel(join(whole, 'model'));
  expect(model).toBeInstanceOf(FadingMemoryModel);
  const theirs = (await loadModel(join(halves, 'model'))).model.stateDict();
  for (const [name, value] of Object.entries(model.stateDict())) expect(theirs[name]!.bits()).toEqual(value.bits());

  const prompts = ['ab', 'cdabcda', 'd'];
  const texts = await generateTexts(model, stored!, prompts, { maxTokens: 6, temperature: 0 });
  expect(texts.map(({ text }) => text)).toEqual(['cdabcd', 'bcdabc', 'abcdab']);
});
