import { expect, test } from '@jest/globals';
import { groupByCloseLength } from '../../../lib/generation/decoding/ragged.js';
import { generateTexts } from '../../../lib/generation/index.js';
import { Gpt } from '../../../lib/models/index.js';
import { manualSeed } from '../../../lib/tensor/index.js';
import { CharTokenizer } from '../../../lib/text/index.js';

const texts = (lengths: readonly number[]) => lengths.map((length) => Array.from({ length }, () => 0));

test('groups hold texts of more than three quarters of their longest', () => {
  expect(groupByCloseLength(texts([8, 4, 7, 6, 4, 5]), 64)).toEqual([
    [0, 2],
    [3, 5],
    [1, 4],
  ]);
});

test('long texts are grouped by length alone', () => {
  expect(groupByCloseLength(texts([80, 79, 64, 63, 80]), 64)).toEqual([[0, 4], [1], [2, 3]]);
  expect(groupByCloseLength(texts([3, 4, 3]), 0)).toEqual([[1], [0, 2]]);
  expect(groupByCloseLength([], 64)).toEqual([]);
});

test.each([
  [['abcdefgh', 'hgfedc', 'bcdefga', 'ponmlkji', 'a'], 1],
  [['abcdefgh', 'hgfedc', 'bcdefga', 'ponmlkji', 'a'], 2],
  [['hgfedcb', 'abcdefgh', 'bcdefga', 'ponmlkji'], 1],
  [['hgfedcb', 'abcdefgh', 'bcdefga', 'ponmlkji'], 2],
])('prompts that are padded go on as those that are not: %j, %d samples each', async (prompts, samples) => {
  manualSeed(7);
  const letters = new CharTokenizer([...'abcdefghijklmnop']);
  const model = new Gpt({ vocabSize: letters.size, contextLength: 40, width: 16, layers: 2, heads: 2, initStd: 0.6 });
  const options = { temperature: 0.9, topK: 8, seed: 3, maxTokens: 50, samples };
  const fast = await generateTexts(model, letters, prompts, options);
  const slow = await generateTexts(model, letters, prompts, { ...options, eager: true });
  expect(fast.map(({ ids }) => ids)).toEqual(slow.map(({ ids }) => ids));
  model.dispose();
});
