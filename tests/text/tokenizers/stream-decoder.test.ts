import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteTokenizer, CharTokenizer, StreamDecoder } from '../../../lib/text/index.js';

const bytes = new ByteTokenizer();

describe('StreamDecoder', () => {
  test('holds back half a character', () => {
    const stream = new StreamDecoder(bytes);
    const pieces = [...bytes.encode('a€😀b')].map((id) => stream.push(id));
    expect(pieces).toEqual(['a', '', '', '€', '', '', '', '😀', 'b']);
    expect(stream.flush()).toBe('');
  });

  test('an unfinished character becomes U+FFFD at the end, and the next text starts anew', () => {
    const stream = new StreamDecoder(bytes);
    expect(stream.push(0xe2)).toBe('');
    expect(stream.flush()).toBe('\uFFFD');
    expect(stream.push(0x61)).toBe('a');
  });

  test('all pieces together equal decode, also for bytes that are no UTF-8', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(255), { maxLength: 60 }), (ids) => {
        const stream = new StreamDecoder(bytes);
        const text = ids.map((id) => stream.push(id)).join('') + stream.flush();
        expect(text).toBe(bytes.decode(ids));
      }),
      { numRuns: 500 },
    );
  });

  test('of valid text no piece holds a replacement or half a pair', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('\uFFFD'));
        const stream = new StreamDecoder(bytes);
        for (const id of bytes.encode(text)) expect(stream.push(id)).not.toMatch(/\uFFFD|\p{Surrogate}/u);
      }),
    );
  });

  test('gives whole characters at once with a character tokenizer', async () => {
    const tokenizer = await CharTokenizer.train('añ😀');
    const stream = new StreamDecoder(tokenizer);
    expect([...tokenizer.encode('😀ña')].map((id) => stream.push(id))).toEqual(['😀', 'ñ', 'a']);
  });
});
