import { describe, expect, test } from '@jest/globals';
import { StreamDecoder, WordTokenizer, parseTokenizer } from '../../../lib/text/index.js';

const text = 'the cat, the hat. The cat sat!';

describe('WordTokenizer', () => {
  test('hand-worked: special tokens first, then words by frequency, then as they sort', async () => {
    const tokenizer = await WordTokenizer.train(text, { words: 4 });
    expect(tokenizer.specialTokens).toEqual({ '<PAD>': 0, '<UNK>': 1, '<START>': 2, '<END>': 3 });
    expect(tokenizer.size).toBe(8);
    expect([4, 5, 6, 7].map((id) => tokenizer.decode([id]))).toEqual(['cat', 'the', '!', ',']);
    expect([...tokenizer.encode('the  cat,\nsat')]).toEqual([5, 4, 7, 1]);
    expect(tokenizer.decode([5, 4, 7, 1])).toBe('the cat , <UNK>');
    expect(tokenizer.unknownId).toBe(1);
    expect(tokenizer.type).toBe('word');
  });

  test('keeps the 10,000 most frequent words by default: 10,004 ids', async () => {
    const words = Array.from({ length: 12_000 }, (_, i) => `w${i} `.repeat(i < 10_000 ? 2 : 1)).join('');
    const tokenizer = await WordTokenizer.train(words);
    expect(tokenizer.size).toBe(10_004);
    expect([...tokenizer.encode('w9999 w10000')].map((id) => id === 1)).toEqual([false, true]);
  });

  test('splits at spaces alone when told to', async () => {
    const tokenizer = await WordTokenizer.train(text, { split: 'spaces', minFrequency: 2 });
    expect(tokenizer.size).toBe(5);
    expect(tokenizer.decode(tokenizer.encode(text))).toBe('the <UNK> the <UNK> <UNK> <UNK> <UNK>');
  });

  test('normalizes training text and encoded text alike', async () => {
    const tokenizer = await WordTokenizer.train(text, { normalize: ['Lowercase'], words: 1 });
    expect(tokenizer.decode(tokenizer.encode('THE cat'))).toBe('the <UNK>');
  });

  test('a word spelled like a special token is unknown', async () => {
    const tokenizer = await WordTokenizer.train('<PAD> <PAD> a', { split: 'spaces' });
    expect(tokenizer.size).toBe(5);
    expect([...tokenizer.encode('<PAD> <END> a')]).toEqual([1, 1, 4]);
  });

  test('streams words with spaces between them', async () => {
    const tokenizer = await WordTokenizer.train(text);
    const stream = new StreamDecoder(tokenizer);
    const ids = tokenizer.encode('the cat sat');
    expect([...ids].map((id) => stream.push(id))).toEqual(['the', ' cat', ' sat']);
    expect(stream.flush()).toBe('');
    expect(stream.push(ids[0]!)).toBe('the');
  });

  test('documents from any source, and the stored form', async () => {
    const tokenizer = await WordTokenizer.train(['a b', 'b c'], { words: 1 });
    expect(tokenizer.decode([4])).toBe('b');
    const loaded = parseTokenizer(JSON.parse(JSON.stringify(tokenizer)));
    expect(loaded).toBeInstanceOf(WordTokenizer);
    expect(loaded.toJSON()).toEqual(tokenizer.toJSON());
  });

  test.each<[string, string, object, string]>([
    ['no words', ' \n', {}, 'expected text with words that occur at least 1 times, received no words'],
    ['words that are too rare', 'a b', { minFrequency: 2 }, 'received 2 words that do not'],
    ['a number of words that is none', 'a', { words: 0 }, 'expected words to be a positive integer, received 0'],
    ['an unknown split', 'a', { split: 'space' }, 'Did you mean "spaces"?'],
  ])('training refuses %s', async (_name, source, options, message) => {
    await expect(WordTokenizer.train(source, options)).rejects.toThrow(message);
  });
});
