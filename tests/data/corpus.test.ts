import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeCorpus, splitCorpus, unigramEntropy } from '../../lib/data/index.js';
import type { Corpus } from '../../lib/data/index.js';
import { ByteTokenizer, CharTokenizer } from '../../lib/text/index.js';

const tokenizer = new ByteTokenizer();

describe('encodeCorpus', () => {
  test('joins documents and remembers where each starts', async () => {
    const corpus = await encodeCorpus(['ab', '', 'cde'], { tokenizer, separator: '|' });
    expect(tokenizer.decode(corpus.tokens)).toBe('ab||cde');
    expect(corpus.starts).toEqual([0, 3, 4]);
    expect(corpus.tokens.BYTES_PER_ELEMENT).toBe(2);
  });

  test('takes four bytes an id when the vocabulary asks for it', async () => {
    const characters = Array.from({ length: 70_000 }, (_, i) => String.fromCodePoint(0x10000 + i));
    const wide = new CharTokenizer(characters);
    const corpus = await encodeCorpus(characters[69_999]!, { tokenizer: wide });
    expect([...corpus.tokens]).toEqual([69_999]);
  });

  test('refuses a source without text', async () => {
    await expect(encodeCorpus([], { tokenizer })).rejects.toThrow('expected a source with text, received no documents');
    await expect(encodeCorpus(['', ''], { tokenizer })).rejects.toThrow('received 2 empty documents');
  });
});

function corpusOf(sizes: number[]): Corpus {
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return { tokens: Uint16Array.from({ length: total }, (_, i) => i), starts };
}

describe('splitCorpus', () => {
  test('cuts contiguous blocks: training, validation, test', () => {
    const split = splitCorpus(corpusOf([100]), { validation: 0.2, test: 0.1 });
    expect([...split.train]).toEqual(Array.from({ length: 70 }, (_, i) => i));
    expect([...split.validation]).toEqual(Array.from({ length: 20 }, (_, i) => 70 + i));
    expect([...split.test]).toEqual(Array.from({ length: 10 }, (_, i) => 90 + i));
  });

  test('keeps everything for training by default', () => {
    const split = splitCorpus(corpusOf([7]));
    expect([split.train.length, split.validation.length, split.test.length]).toEqual([7, 0, 0]);
  });

  test('draws whole documents with the seed', () => {
    const corpus = corpusOf(Array.from({ length: 50 }, (_, i) => 10 + (i % 7)));
    const options = { by: 'document', validation: 0.2, test: 0.1, seed: 3 } as const;
    const split = splitCorpus(corpus, options);
    expect(splitCorpus(corpus, options)).toEqual(split);
    expect(splitCorpus(corpus, { ...options, seed: 4 }).validation).not.toEqual(split.validation);
    const documentOf = (token: number): number => corpus.starts.findLastIndex((start) => start <= token);
    const documents = [split.train, split.validation, split.test].map((part) => new Set([...part].map(documentOf)));
    expect(documents.reduce((sum, set) => sum + set.size, 0)).toBe(50);
    expect(Math.abs(split.validation.length / corpus.tokens.length - 0.2)).toBeLessThan(0.05);
  });

  test.each(['block', 'document'] as const)('by %s, every token goes to exactly one part', (by) => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 3, maxLength: 20 });
    const share = fc.double({ min: 0, max: 0.49, noNaN: true });
    fc.assert(
      fc.property(sizes, share, share, fc.nat(), (lengths, validation, test, seed) => {
        const corpus = corpusOf(lengths);
        const split = splitCorpus(corpus, { by, validation, test, seed });
        const together = [...split.train, ...split.validation, ...split.test].sort((a, b) => a - b);
        expect(together).toEqual([...corpus.tokens]);
        expect(split.train.length).toBeGreaterThan(0);
      }),
    );
  });

  test('refuses shares that leave nothing, and too few documents', () => {
    expect(() => splitCorpus(corpusOf([10]), { validation: 0.5, test: 0.5 })).toThrow('split.validation + split.test');
    expect(() => splitCorpus(corpusOf([10]), { validation: -0.1 })).toThrow('split.validation');
    expect(() => splitCorpus(corpusOf([10, 10]), { by: 'document', validation: 0.1, test: 0.1 })).toThrow(
      'expected at least 3 documents for 3 parts, received 2',
    );
    expect(() => splitCorpus(corpusOf([10]), { by: 'documents' as never })).toThrow('Did you mean "document"?');
  });
});

describe('unigramEntropy', () => {
  test('hand-worked', () => {
    expect(unigramEntropy(Uint16Array.of(5, 5, 5))).toBe(0);
    expect(unigramEntropy(Uint16Array.of(0, 1, 2, 3))).toBeCloseTo(Math.log(4), 12);
    expect(unigramEntropy(Uint32Array.of(0, 0, 0, 1))).toBeCloseTo(0.5623351446188083, 12);
    expect(() => unigramEntropy(new Uint16Array())).toThrow('expected tokens, received none');
  });

  test('lies between 0 and the logarithm of the number of kinds, whatever the order', () => {
    fc.assert(
      fc.property(fc.uint16Array({ minLength: 1, maxLength: 50, max: 9 }), (tokens) => {
        const entropy = unigramEntropy(tokens);
        expect(entropy).toBeGreaterThanOrEqual(0);
        expect(entropy).toBeLessThanOrEqual(Math.log(new Set(tokens).size) + 1e-12);
        expect(unigramEntropy(tokens.slice().reverse())).toBeCloseTo(entropy, 12);
      }),
    );
  });
});
