import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteTokenizer, CharTokenizer, parseTokenizer } from '../../lib/text/index.js';
import type { Tokenizer } from '../../lib/text/index.js';
import { anyText } from '../helpers/text.js';

const makers: [string, (text: string) => Promise<Tokenizer>][] = [
  ['byte', () => Promise.resolve(new ByteTokenizer())],
  ['char', (text) => CharTokenizer.train(`${text}.`)],
  ['char with unknown', (text) => CharTokenizer.train([text, '.'], { unknown: true })],
];

describe.each(makers)('every tokenizer: %s', (_name, make) => {
  test('decode undoes encode for any text', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const tokenizer = await make(text);
        const ids = tokenizer.encode(text);
        expect(ids.every((id) => id < tokenizer.size)).toBe(true);
        expect(tokenizer.decode(ids)).toBe(text);
      }),
      { examples: [[''], ['\uFEFFbom'], ['a\u0000b'], ['👩‍👩‍👧‍👦'], ['e\u0301é'], ['\uFFFF\u{10FFFF}']] },
    );
  });

  test('the stored form gives an equal tokenizer', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const tokenizer = await make(text);
        const loaded = parseTokenizer(JSON.parse(JSON.stringify(tokenizer)));
        expect(loaded.size).toBe(tokenizer.size);
        expect(loaded.type).toBe(tokenizer.type);
        expect([...loaded.encode(text)]).toEqual([...tokenizer.encode(text)]);
      }),
    );
  });

  test('the bytes of the tokens are the bytes of the text', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const tokenizer = await make(text);
        const bytes = [...tokenizer.encode(text)].flatMap((id) => [...tokenizer.tokenBytes(id)]);
        expect(bytes).toEqual([...new TextEncoder().encode(text)]);
      }),
    );
  });

  test('refuses ids outside the vocabulary', async () => {
    const tokenizer = await make('abc');
    for (const id of [tokenizer.size, -1, 0.5, NaN]) {
      expect(() => tokenizer.decode([id])).toThrow(expect.objectContaining({ code: 'PAL_ARGUMENT' }));
      expect(() => tokenizer.tokenBytes(id)).toThrow(expect.objectContaining({ code: 'PAL_ARGUMENT' }));
    }
    expect(() => tokenizer.decode([tokenizer.size])).toThrow(
      `expected an id below the vocabulary size ${tokenizer.size}, received ${tokenizer.size}. Use the tokenizer`,
    );
  });

  test('refuses a lone surrogate and says where it is', async () => {
    const tokenizer = await make('ab');
    expect(() => tokenizer.encode('ab\uD83Dab')).toThrow(
      expect.objectContaining({ code: 'PAL_ARGUMENT', details: { index: 2 } }),
    );
  });
});

describe('ByteTokenizer', () => {
  test('hand-worked', () => {
    const tokenizer = new ByteTokenizer();
    expect([...tokenizer.encode('aé€')]).toEqual([0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac]);
    expect(tokenizer.decode([0xc3])).toBe('\uFFFD');
    expect(tokenizer.decode([])).toBe('');
    expect(JSON.stringify(tokenizer)).toBe('{"type":"byte","version":1}');
  });
});

describe('CharTokenizer', () => {
  test('hand-worked: ids in code point order, one per character', async () => {
    const tokenizer = await CharTokenizer.train('hello, ✓ 😀');
    expect(tokenizer.characters.join('')).toBe(' ,ehlo✓😀');
    expect([...tokenizer.encode('he😀✓')]).toEqual([3, 2, 7, 6]);
    expect(tokenizer.unknownId).toBeUndefined();
  });

  test('names an unknown character and where it stands', async () => {
    const tokenizer = await CharTokenizer.train('abc');
    expect(() => tokenizer.encode('ab☃')).toThrow(
      '[PAL_ARGUMENT] CharTokenizer.encode: expected characters of the vocabulary, received "☃" (U+2603) at index 2. ' +
        'Train on text that has it, or with unknown: true.',
    );
  });

  test('takes the unknown token where there is one', async () => {
    const tokenizer = await CharTokenizer.train('abc', { unknown: true });
    expect(tokenizer.size).toBe(4);
    expect([...tokenizer.encode('a☃c')]).toEqual([1, 0, 3]);
    expect(tokenizer.decode([1, 0, 3])).toBe('a\uFFFDc');
  });

  test('trains on lists and on async sources alike', async () => {
    async function* documents(): AsyncGenerator<string> {
      yield 'ab';
      await Promise.resolve();
      yield 'bc';
    }
    expect((await CharTokenizer.train(documents())).characters).toEqual(['a', 'b', 'c']);
    expect((await CharTokenizer.train(['ab', 'bc'])).characters).toEqual(['a', 'b', 'c']);
  });

  test.each<[string, readonly string[], string]>([
    ['no character', [], 'expected at least one character, received none'],
    ['a character twice', ['a', 'b', 'a'], 'expected every character once, received "a" twice'],
    ['two characters in one', ['ab'], 'expected each entry to be one character, received "ab"'],
    ['an empty entry', [''], 'expected each entry to be one character, received ""'],
    ['a surrogate', ['\uD800'], 'expected each entry to be one character'],
  ])('refuses a vocabulary with %s', (_name, characters, message) => {
    expect(() => new CharTokenizer(characters)).toThrow(message);
  });

  test('training on nothing is an error', async () => {
    await expect(CharTokenizer.train('')).rejects.toMatchObject({ code: 'PAL_ARGUMENT' });
  });
});
