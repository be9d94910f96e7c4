import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeReference, trainReference } from '../../../../lib/text/tokenizers/bpe/bpe-reference.js';
import { BpeTokenizer, parseTokenizer } from '../../../../lib/text/index.js';
import { anyText } from '../../../helpers/text.js';

const rhyme = 'the cat sat on the mat; the rat that ate the cat sat. ¡El gato está aquí! 😀😀 1234 12345\n\n  that’s';

/** The written tokens and merges of a stored tokenizer. */
function stored(tokenizer: BpeTokenizer) {
  const { model } = JSON.parse(JSON.stringify(tokenizer)) as {
    model: { vocab: Record<string, number>; merges: [string, string][] };
  };
  const tokens = Object.entries(model.vocab).sort(([, a], [, b]) => a - b);
  return { tokens: tokens.map(([token]) => token), merges: model.merges };
}

describe('byte-level BPE', () => {
  test('hand-worked', async () => {
    const tokenizer = await BpeTokenizer.train('aaab aaab aac', { vocabSize: 300, minFrequency: 2 });
    // a + a occurs 5 times. Then a + b, aa + a and Ġ + aa twice each: the smallest ids are merged first.
    expect(stored(tokenizer).merges).toEqual([
      ['a', 'a'],
      ['a', 'b'],
      ['Ġ', 'aa'],
    ]);
    const ids = tokenizer.encode('aaab aac');
    expect([...ids].map((id) => tokenizer.decode([id]))).toEqual(['aa', 'ab', ' aa', 'c']);
    expect(tokenizer.decode(ids)).toBe('aaab aac');
    expect(tokenizer.type).toBe('bpe');
  });

  test.each([270, 300, 400])('equals the slow twin at %i tokens', async (vocabSize) => {
    const twin = trainReference(rhyme, vocabSize, 2);
    const tokenizer = await BpeTokenizer.train(rhyme, { vocabSize, minFrequency: 2 });
    expect(stored(tokenizer)).toEqual(twin);
    fc.assert(
      fc.property(anyText, (text) => {
        const ids = encodeReference(text + rhyme + text, twin).map((token) => twin.tokens.indexOf(token));
        expect([...tokenizer.encode(text + rhyme + text)]).toEqual(ids);
      }),
      { numRuns: 50 },
    );
  });

  test('pieces longer than the short path merge alike', async () => {
    const twin = trainReference(rhyme, 320, 2);
    const tokenizer = await BpeTokenizer.train(rhyme, { vocabSize: 320 });
    for (const length of [15, 16, 17, 47, 48, 49, 50, 300]) {
      const text = 'thatcatsat'.repeat(50).slice(0, length);
      expect([...tokenizer.encode(text)]).toEqual(
        encodeReference(text, twin).map((token) => twin.tokens.indexOf(token)),
      );
    }
  });

  test('special tokens take the first ids, and no text is encoded as one', async () => {
    const text = '<END> <END> <END> the end <PAD>'.repeat(20);
    const tokenizer = await BpeTokenizer.train(text, { vocabSize: 300, specialTokens: ['<PAD>', '<END>'] });
    expect(tokenizer.specialTokens).toEqual({ '<PAD>': 0, '<END>': 1 });
    expect([...tokenizer.encode(text)].filter((id) => id < 2)).toEqual([]);
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    expect(tokenizer.decode([1])).toBe('<END>');
  });

  test('documents are apart, and sources of all kinds give the same', async () => {
    async function* documents(): AsyncGenerator<string> {
      yield 'ab';
      await Promise.resolve();
      yield 'ab';
    }
    const one = await BpeTokenizer.train(documents(), { vocabSize: 260, minFrequency: 1 });
    const other = await BpeTokenizer.train(['ab', 'ab'], { vocabSize: 260, minFrequency: 1 });
    expect(stored(one)).toEqual(stored(other));
    expect(stored(one).merges).toEqual([['a', 'b']]);
  });

  test('encodeAsync gives the ids of encode, also for long texts', async () => {
    const tokenizer = await BpeTokenizer.train(rhyme, { vocabSize: 400 });
    const text = `${rhyme}😀`.repeat(20_000);
    const ids = await tokenizer.encodeAsync(text);
    expect(Buffer.from(ids.buffer).equals(Buffer.from(tokenizer.encode(text).buffer))).toBe(true);
    expect(tokenizer.decode(ids)).toBe(text);
    expect(await tokenizer.encodeAsync('')).toHaveLength(0);
  });

  test('a signal stops training and encoding', async () => {
    const stopped = AbortSignal.abort();
    await expect(BpeTokenizer.train(rhyme, { signal: stopped })).rejects.toMatchObject({ code: 'PAL_ABORTED' });
    const tokenizer = await BpeTokenizer.train(rhyme, { vocabSize: 300 });
    const controller = new AbortController();
    const encoding = tokenizer.encodeAsync(rhyme.repeat(50_000), { signal: controller.signal });
    controller.abort();
    await expect(encoding).rejects.toMatchObject({ code: 'PAL_ABORTED' });
  });

  test.each<[string, object, string]>([
    ['too few tokens', { vocabSize: 200 }, 'vocabSize of at least 256, which bytes and special tokens take'],
    ['an unknown pattern', { pattern: 'gpt2' }, 'Did you mean "gpt-2"?'],
    ['an unknown base', { base: 'bytes' }, 'expected base to be one of "byte", "character"'],
    ['a special token twice', { specialTokens: ['<A>', '<A>'] }, '"<A>" twice'],
    ['a special token of one character', { specialTokens: ['A'] }, 'special tokens of two or more characters'],
    ['an end of words for bytes', { endOfWord: '_' }, "only with base: 'character'"],
    ['a frequency of 0', { minFrequency: 0 }, 'expected minFrequency to be a positive integer, received 0'],
  ])('training refuses %s', async (_name, options, message) => {
    await expect(BpeTokenizer.train(rhyme, options)).rejects.toThrow(message);
  });

  test('training refuses no text and lone surrogates', async () => {
    await expect(BpeTokenizer.train('')).rejects.toMatchObject({ code: 'PAL_ARGUMENT' });
    await expect(BpeTokenizer.train('a\uD800')).rejects.toMatchObject({ code: 'PAL_ARGUMENT', details: { index: 1 } });
  });
});

describe('character BPE', () => {
  test('hand-worked, with the mark of a word’s end', async () => {
    const tokenizer = await BpeTokenizer.train('ab ab ab', { base: 'character', vocabSize: 9, minFrequency: 2 });
    // Symbols: space, a, b, then those that end a piece; merges: a + b</w>, then the space + ab</w>.
    expect(stored(tokenizer).tokens).toEqual([' ', 'a', 'b', ' </w>', 'a</w>', 'b</w>', 'ab</w>', ' ab</w>']);
    expect([...tokenizer.encode('ab ab')]).toEqual([6, 7]);
    expect(tokenizer.decode([6, 7, 7])).toBe('ab ab ab');
  });

  test('decode undoes encode for all text of known characters', async () => {
    const alphabet = 'ab </w>ñ😀.';
    const tokenizer = await BpeTokenizer.train(alphabet.repeat(9), { base: 'character', vocabSize: 60 });
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...alphabet), { maxLength: 60 }), (characters) => {
        const text = characters.join('');
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      }),
    );
  });

  test('unknown characters: an error, a token or bytes', async () => {
    const text = 'ab ab';
    const strict = await BpeTokenizer.train(text, { base: 'character' });
    expect(() => strict.encode('a☃')).toThrow('expected characters of the vocabulary, received "☃" (U+2603)');
    const token = await BpeTokenizer.train(text, { base: 'character', unknown: 'token' });
    expect(token.specialTokens).toEqual({ '<UNK>': 0 });
    expect([...token.encode('☃')]).toEqual([0]);
    const bytes = await BpeTokenizer.train(text, { base: 'character', unknown: 'bytes', vocabSize: 300 });
    expect([...bytes.encode('☃')]).toEqual([0xe2, 0x98, 0x83]);
    expect(bytes.decode(bytes.encode('a☃b 😀'))).toBe('a☃b 😀');
    expect(bytes.specialTokens).toEqual({});
  });

  test('stops at 10,000 tokens', async () => {
    const words = Array.from({ length: 30_000 }, (_, i) => (i * 7919).toString(36)).join(' ');
    const tokenizer = await BpeTokenizer.train(words, { base: 'character', minFrequency: 1 });
    expect(tokenizer.size).toBe(10_000);
  });

  test('refuses a vocabulary smaller than its alphabet', async () => {
    const training = BpeTokenizer.train('abcdef', { base: 'character', vocabSize: 5 });
    await expect(training).rejects.toThrow('vocabSize of at least 12, which characters and special tokens take');
  });
});

describe('stored', () => {
  test.each([
    { base: 'byte' as const, normalize: ['NFC', 'Lowercase'] as const, specialTokens: ['<END>'] },
    { base: 'byte' as const, pattern: 'llama-3' as const },
    { base: 'character' as const, unknown: 'token' as const },
    { base: 'character' as const, unknown: 'bytes' as const, vocabSize: 400 },
    { base: 'character' as const, endOfWord: '', unknown: 'token' as const, pattern: 'qwen-2' as const },
  ])('%j comes back', async (options) => {
    const tokenizer = await BpeTokenizer.train(rhyme, { vocabSize: 320, ...options });
    const loaded = parseTokenizer(JSON.parse(JSON.stringify(tokenizer)));
    expect(loaded.toJSON()).toEqual(tokenizer.toJSON());
    expect(loaded.specialTokens).toEqual(tokenizer.specialTokens);
    fc.assert(fc.property(anyText, (text) => expect(loaded.encode(text)).toEqual(tokenizer.encode(text))));
  });
});
