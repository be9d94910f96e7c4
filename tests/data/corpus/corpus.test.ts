import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeCorpus, splitCorpus, computeUnigramEntropy } from '../../../lib/data/index.js';
import type { Corpus } from '../../../lib/data/index.js';
import { ByteTokenizer, CharTokenizer, addSpecialTokens } from '../../../lib/text/index.js';
import type { Tokenizer } from '../../../lib/text/index.js';

const tokenizer = new ByteTokenizer();

function withSpecialTokens(specialTokens: Record<string, number>): Tokenizer {
  return {
    type: 'byte',
    size: 512,
    specialTokens,
    encode: (text) => tokenizer.encode(text),
    decode: (ids) => tokenizer.decode(ids),
    tokenBytes: (id) => tokenizer.tokenBytes(id),
    toJSON: () => tokenizer.toJSON(),
  };
}

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

  test('puts special tokens around each document where the tokenizer has them', async () => {
    const special = withSpecialTokens({ '<START>': 300, '<END>': 301, '<SEP>': 302 });
    expect([...(await encodeCorpus(['a', 'b'], { tokenizer: special })).tokens]).toEqual([300, 97, 301, 300, 98, 301]);
    const chosen = { tokenizer: special, startToken: null, endToken: '<SEP>', separator: '\n' };
    const corpus = await encodeCorpus(['a', 'b'], chosen);
    expect([...corpus.tokens]).toEqual([97, 302, 10, 98, 302]);
    expect(corpus.starts).toEqual([0, 3]);
    await expect(encodeCorpus('a', { tokenizer: special, startToken: '<STRAT>' })).rejects.toThrow(
      'expected startToken to be a special token of the tokenizer, received "<STRAT>". Did you mean "<START>"?',
    );
    await expect(encodeCorpus('a', { tokenizer, endToken: '<END>' })).rejects.toThrow('This tokenizer has none.');
    await expect(encodeCorpus(['', ''], { tokenizer: special })).rejects.toThrow('received 2 empty documents');
  });

  test('documents start as a text does in generation and scoring, with the BOS of the tokenizer’s template', async () => {
    const llama = { ...withSpecialTokens({ '<unk>': 300, '<s>': 301, '</s>': 302 }), template: { before: [301], after: [] } }; // prettier-ignore
    const corpus = await encodeCorpus(['a', 'b'], { tokenizer: llama });
    expect([...corpus.tokens]).toEqual([301, 97, 302, 301, 98, 302]);
    expect(corpus.starts).toEqual([0, 3]);
    expect([...(addSpecialTokens(llama, llama.encode('a')) as Uint32Array)]).toEqual([...corpus.tokens.slice(0, 2)]);
    const none = await encodeCorpus(['a', 'b'], { tokenizer: llama, startToken: null, endToken: null });
    expect([...none.tokens]).toEqual([97, 98]);
    const both = { ...llama, template: { before: [301], after: [300, 302] } };
    expect([...(await encodeCorpus('a', { tokenizer: both })).tokens]).toEqual([301, 97, 300, 302]);
    const turns = withSpecialTokens({ '<|im_end|>': 300, '<|eot_id|>': 301 });
    expect([...(await encodeCorpus('a', { tokenizer: turns })).tokens]).toEqual([97]);
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
    expect([...split.train.tokens]).toEqual(Array.from({ length: 70 }, (_, i) => i));
    expect([...split.validation.tokens]).toEqual(Array.from({ length: 20 }, (_, i) => 70 + i));
    expect([...split.test.tokens]).toEqual(Array.from({ length: 10 }, (_, i) => 90 + i));
  });

  test('shares that nearly fill the whole leave something to train on', () => {
    const split = splitCorpus(corpusOf([16]), { validation: 0.49, test: 0.49 });
    expect([split.train, split.validation, split.test].map(({ tokens }) => tokens.length)).toEqual([2, 7, 7]);
  });

  test('keeps everything for training by default', () => {
    const split = splitCorpus(corpusOf([7]));
    expect([split.train, split.validation, split.test].map(({ tokens }) => tokens.length)).toEqual([7, 0, 0]);
  });

  test('each part knows its documents; a cut divides one', () => {
    const { train, validation } = splitCorpus(corpusOf([4, 3, 3]), { validation: 0.5 });
    expect([train.starts, validation.starts]).toEqual([
      [0, 4],
      [0, 2],
    ]);
    const drawn = splitCorpus(corpusOf([4, 3, 3, 5]), { by: 'document', validation: 0.4, seed: 1 });
    for (const { tokens, starts } of [drawn.train, drawn.validation]) {
      expect(Array.from(starts).map((start) => [0, 4, 7, 10].includes(tokens[start]!))).not.toContain(false);
    }
  });

  test('draws whole documents with the seed', () => {
    const corpus = corpusOf(Array.from({ length: 50 }, (_, i) => 10 + (i % 7)));
    const options = { by: 'document', validation: 0.2, test: 0.1, seed: 3 } as const;
    const split = splitCorpus(corpus, options);
    expect(splitCorpus(corpus, options)).toEqual(split);
    expect(splitCorpus(corpus, { ...options, seed: 4 }).validation).not.toEqual(split.validation);
    const starts = Array.from(corpus.starts);
    const documentOf = (token: number): number => starts.findLastIndex((start) => start <= token);
    const documents = [split.train, split.validation, split.test].map(
      (part) => new Set([...part.tokens].map(documentOf)),
    );
    expect(documents.reduce((sum, set) => sum + set.size, 0)).toBe(50);
    expect(Math.abs(split.validation.tokens.length / corpus.tokens.length - 0.2)).toBeLessThan(0.05);
  });

  test.each(['block', 'document'] as const)('by %s, every token goes to exactly one part', (by) => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 3, maxLength: 20 });
    const share = fc.double({ min: 0, max: 0.49, noNaN: true });
    fc.assert(
      fc.property(sizes, share, share, fc.nat(), (lengths, validation, test, seed) => {
        const corpus = corpusOf(lengths);
        const split = splitCorpus(corpus, { by, validation, test, seed });
        const together = [split.train, split.validation, split.test]
          .flatMap(({ tokens }) => [...tokens])
          .sort((a, b) => a - b);
        expect(together).toEqual([...corpus.tokens]);
        expect(split.train.tokens.length).toBeGreaterThan(0);
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

describe('computeUnigramEntropy', () => {
  test('hand-worked', () => {
    expect(computeUnigramEntropy(Uint16Array.of(5, 5, 5))).toBe(0);
    expect(computeUnigramEntropy(Uint16Array.of(0, 1, 2, 3))).toBeCloseTo(Math.log(4), 12);
    expect(computeUnigramEntropy(Uint32Array.of(0, 0, 0, 1))).toBeCloseTo(0.5623351446188083, 12);
    expect(() => computeUnigramEntropy(new Uint16Array())).toThrow('expected tokens, received none');
  });

  test('lies between 0 and the logarithm of the number of kinds, whatever the order', () => {
    fc.assert(
      fc.property(fc.uint16Array({ minLength: 1, maxLength: 50, max: 9 }), (tokens) => {
        const entropy = computeUnigramEntropy(tokens);
        expect(entropy).toBeGreaterThanOrEqual(0);
        expect(entropy).toBeLessThanOrEqual(Math.log(new Set(tokens).size) + 1e-12);
        expect(computeUnigramEntropy(tokens.slice().reverse())).toBeCloseTo(entropy, 12);
      }),
    );
  });
});
