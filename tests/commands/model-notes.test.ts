import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { executeCli } from '../../lib/cli/program.js';
import { Gpt, gptPresets, saveHuggingFace } from '../../lib/models/index.js';
import { BpeTokenizer } from '../../lib/text/index.js';

const folder = mkdtempSync(join(tmpdir(), 'palabra-notes-'));

beforeAll(async () => {
  const tokenizer = await BpeTokenizer.train('the sun climbs and the bird sings', { vocabSize: 265 });
  using model = new Gpt({ ...gptPresets.llama, vocabSize: 265, contextLength: 16, width: 16, layers: 1, heads: 2 });
  await saveHuggingFace(join(folder, 'model'), model, { tokenizer });
  const path = join(folder, 'model', 'config.json');
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), unsloth_version: '1' }));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each(['generate', 'inspect'])(
  'palabra %s tells what a folder of Hugging Face says that nothing reads',
  async (name) => {
    const told: string[] = [];
    const words =
      name === 'generate' ? [name, join(folder, 'model'), 'the', '--maxTokens', '2'] : [name, join(folder, 'model')];
    const code = await executeCli(words, { out: () => undefined, err: (text) => told.push(text) });
    expect([code, told.join('')]).toEqual([
      0,
      expect.stringMatching(/config\.json: .*unsloth_version.* change nothing/),
    ]);
  },
);
