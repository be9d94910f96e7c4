import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Random, isPalabraError } from '../../lib/core/index.js';
import { StreamDecoder, parseTokenizer } from '../../lib/text/index.js';
import type { Tokenizer } from '../../lib/text/index.js';

/** A tokenizer under test. */
export interface TokenizerCase {
  name: string;
  /** Makes a tokenizer; what is trained is trained on the text. */
  make: (text: string) => Promise<Tokenizer>;
  /** Text it is asked for. */
  texts: fc.Arbitrary<string>;
  /** Whether text comes back as it was. */
  lossless: boolean;
}

const examples = [
  '',
  ' ',
  '\uFEFFbom',
  'a\u0000b',
  '👩‍👩‍👧‍👦',
  'e\u0301é',
  '\uFFFF\u{10FFFF}',
  'x'.repeat(70),
  '<PAD> <UNK> <END>',
];

/** What holds for every tokenizer. */
export function tokenizerConformance({ name, make, texts, lossless }: TokenizerCase): void {
  const training = `${examples.join(' ')} the cat sat on the mat 😀`;
  const made = make(training);
  const check = async (property: (tokenizer: Tokenizer, text: string) => void): Promise<void> => {
    const tokenizer = await made;
    fc.assert(fc.property(texts, (text) => property(tokenizer, text)));
    for (const text of examples) property(tokenizer, text);
  };

  describe(`every tokenizer: ${name}`, () => {
    test(lossless ? 'decode undoes encode' : 'every id is in the vocabulary', () =>
      check((tokenizer, text) => {
        const ids = tokenizer.encode(text);
        expect(ids.every((id) => id < tokenizer.size)).toBe(true);
        if (lossless) expect(tokenizer.decode(ids)).toBe(text);
      }),
    );

    test('the stored form gives an equal tokenizer', async () => {
      const tokenizer = await made;
      const loaded = parseTokenizer(JSON.parse(JSON.stringify(tokenizer)));
      expect([loaded.type, loaded.size, loaded.specialTokens]).toEqual([
        tokenizer.type,
        tokenizer.size,
        tokenizer.specialTokens,
      ]);
      expect(loaded.toJSON()).toEqual(tokenizer.toJSON());
      await check((_, text) => expect([...loaded.encode(text)]).toEqual([...tokenizer.encode(text)]));
    });

    test('pieces of a stream are whole characters and together the decoded text', () =>
      check((tokenizer, text) => {
        const ids = tokenizer.encode(text);
        const stream = new StreamDecoder(tokenizer);
        const pieces = [...ids].map((id) => stream.push(id));
        if (lossless && !text.includes('\uFFFD')) expect(pieces.join('')).not.toMatch(/\uFFFD|\p{Surrogate}/u);
        for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
        expect(pieces.join('') + stream.flush()).toBe(tokenizer.decode(ids));
      }));

    test('a stream of any ids equals what they decode to', async () => {
      const tokenizer = await made;
      const stream = new StreamDecoder(tokenizer);
      fc.assert(
        fc.property(fc.array(fc.nat(tokenizer.size - 1), { maxLength: 40 }), (ids) => {
          const text = ids.map((id) => stream.push(id)).join('') + stream.flush();
          expect(text).toBe(tokenizer.decode(ids));
        }),
      );
    });

    test('encodeAsync, where there is one, gives the same ids', async () => {
      const tokenizer = await made;
      for (const text of [...examples, ...fc.sample(texts, 20)]) {
        const ids = (await tokenizer.encodeAsync?.(text)) ?? tokenizer.encode(text);
        expect([...ids]).toEqual([...tokenizer.encode(text)]);
      }
    });

    test('no text is encoded as a special token but the unknown one', async () => {
      const tokenizer = await made;
      const special = Object.entries(tokenizer.specialTokens ?? {});
      const ids = new Set(special.filter(([token]) => token !== '<UNK>').map(([, id]) => id));
      for (const [token, id] of special) {
        expect(id).toBeLessThan(tokenizer.size);
        expect([...tokenizer.encode(`${token} ${token}${token}`)].filter((found) => ids.has(found))).toEqual([]);
      }
    });

    test('refuses ids outside the vocabulary', async () => {
      const tokenizer = await made;
      for (const id of [tokenizer.size, -1, 0.5, NaN]) {
        expect(() => tokenizer.decode([id])).toThrow(expect.objectContaining({ code: 'PAL_ARGUMENT' }));
        expect(() => tokenizer.tokenBytes(id)).toThrow(expect.objectContaining({ code: 'PAL_ARGUMENT' }));
      }
      expect(() => tokenizer.decode([tokenizer.size])).toThrow(
        `expected an id below the vocabulary size ${tokenizer.size}, received ${tokenizer.size}. Use the tokenizer`,
      );
    });

    test('refuses a lone surrogate and says where it is', async () => {
      const tokenizer = await made;
      expect(() => tokenizer.encode('ab\uD83Dab')).toThrow(
        expect.objectContaining({ code: 'PAL_ARGUMENT', details: { index: 2 } }),
      );
    });

    test('10,000 mutated texts: ids or a PalabraError', async () => {
      const tokenizer = await made;
      const random = new Random(9);
      const found: unknown[] = [];
      for (let i = 0; i < 10_000; i++) {
        const text = mutated(random, training);
        try {
          if (tokenizer.encode(text).length > 3 * text.length) found.push(text);
        } catch (error) {
          if (!isPalabraError(error)) found.push(error);
        }
      }
      expect(found).toEqual([]);
    });
  });
}

/** A text with some of its code units replaced by any others, lone surrogates too. */
function mutated(random: Random, text: string): string {
  const units = Array.from(text, (unit) => unit.charCodeAt(0));
  for (let n = random.integer(12); n > 0; n--) units[random.integer(units.length)] = random.integer(2 ** 16);
  const start = random.integer(units.length);
  return String.fromCharCode(...units.slice(start, start + random.integer(60)));
}
