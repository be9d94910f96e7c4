import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Gpt, saveModel } from '../../lib/models/index.js';
import { BpeTokenizer, ChatTemplate } from '../../lib/text/index.js';
import { chatTemplates, specialTokens, templateTokens } from '../helpers/chat-templates.js';

const CHILD = fileURLToPath(new URL('adapters.child.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'palabra-kill-adapters-'));

beforeAll(async () => {
  const special = ['<END>', '<PAD>', ...specialTokens];
  const tokenizer = await BpeTokenizer.train('user assistant city tree is red blue 0 1 2 '.repeat(4), {
    ...{ vocabSize: 290, specialTokens: special },
  });
  const chatTemplate = new ChatTemplate(chatTemplates.chatml, { tokens: templateTokens.chatml });
  const model = new Gpt({ vocabSize: tokenizer.size, contextLength: 64, width: 16, layers: 1, heads: 2 });
  await saveModel(join(folder, 'base'), model, { tokenizer, chatTemplate });
  model.dispose();
  mkdirSync(join(folder, 'data'));
  for (const topic of ['city', 'tree']) {
    const lines = Array.from({ length: 10 }, (_, i) =>
      JSON.stringify({ instruction: `${topic} ${i}`, output: `is ${i % 2 ? 'red' : 'blue'}` }),
    );
    writeFileSync(join(folder, 'data', `${topic}.jsonl`), lines.join('\n'));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Made {
  steps: number;
  made: number;
  version: string;
}

/** Trains in a process of its own; undefined where it was killed. */
function train(store: string, kill = 0): Made | undefined {
  const args = [CHILD, folder, join(folder, store), String(kill)];
  const { signal, stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (signal === 'SIGKILL') return undefined;
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Made;
}

const readWeights = (store: string, { version }: Made): Buffer =>
  readFileSync(join(folder, store, 'versions', version, 'adapter_model.safetensors'));

test('a run that is killed again and again ends with the same adapter bit by bit', () => {
  const whole = train('whole')!;
  expect(whole.steps).toBeGreaterThan(6);
  expect(whole.made).toBe(whole.steps);
  for (const kill of [1, 3, 4, whole.steps]) expect(train('killed', kill)).toBeUndefined();
  const resumed = train('killed')!;
  expect(resumed.steps).toBe(whole.steps);
  expect(resumed.made).toBeLessThan(3);
  expect(readWeights('killed', resumed).equals(readWeights('whole', whole))).toBe(true);
  expect(train('killed')!).toMatchObject({ steps: 0, made: 0 });
});
