import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { loadGpt2Tokenizer } from '../../../lib/text/index.js';

test('GPT-2: the published merges, ids and special token', async () => {
  const tokenizer = await loadGpt2Tokenizer();
  expect(tokenizer.size).toBe(50_257);
  expect(tokenizer.specialTokens).toEqual({ '<|endoftext|>': 50_256 });
  expect([...tokenizer.encode('hello world')]).toEqual([31_373, 995]);
  expect([...tokenizer.encode('! the\n\n<|endoftext|>')]).toEqual([0, 262, 198, 198, 27, 91, 437, 1659, 5239, 91, 29]);
  expect(tokenizer.decode([50_256, 50_255])).toBe('<|endoftext|> gazed');
  const stored = createHash('sha256').update(JSON.stringify(tokenizer)).digest('hex');
  expect(stored).toBe('6d2b1432cbaccb6807d843af56b7a9d5da5c2e30659ef26bedb42c9eeae71dfa');
  expect(await loadGpt2Tokenizer()).toBe(tokenizer);
});
