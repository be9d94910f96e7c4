import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { BpeTokenizer, WordTokenizer } from '../../lib/text/index.js';
import type { Tokenizer } from '../../lib/text/index.js';

const GOLDEN = 'tests/text/fixtures/tokenizers.golden.json';
const text = readFileSync('tests/text/analysis/fixtures/village.txt', 'utf8');

const trained: Record<string, () => Promise<Tokenizer>> = {
  bytes: () => BpeTokenizer.train(text, { vocabSize: 360, specialTokens: ['<|endoftext|>'] }),
  characters: () => BpeTokenizer.train(text, { vocabSize: 160, base: 'character', unknown: 'token' }),
  words: () => WordTokenizer.train(text, { words: 100, minFrequency: 2 }),
};

/** What was learned, and the ids of a sentence. */
async function learned(make: () => Promise<Tokenizer>): Promise<object> {
  const tokenizer = await make();
  const { model } = tokenizer.toJSON() as { model: { vocab: Record<string, number>; merges?: [string, string][] } };
  const merges = model.merges?.map((pair) => pair.join(' '));
  const tokens = merges === undefined ? Object.keys(model.vocab) : undefined;
  return { size: tokenizer.size, merges, tokens, ids: Array.from(tokenizer.encode('The old bread of the village.')) };
}

/** `PALABRA_UPDATE_GOLDEN=1` writes the file anew. */
test('the merges and words of a whole corpus are those of the golden file', async () => {
  const names = Object.keys(trained);
  const all = await Promise.all(names.map(async (name) => [name, await learned(trained[name]!)] as const));
  const found = JSON.parse(JSON.stringify(Object.fromEntries(all))) as unknown;
  if (process.env.PALABRA_UPDATE_GOLDEN) writeFileSync(GOLDEN, `${JSON.stringify(found, null, 2)}\n`);
  expect(found).toEqual(JSON.parse(readFileSync(GOLDEN, 'utf8')));
});
