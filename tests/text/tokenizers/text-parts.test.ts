import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeCorpus } from '../../../lib/data/index.js';
import {
  BpeTokenizer,
  ByteTokenizer,
  CharTokenizer,
  WordTokenizer,
  getPartText,
  isOpenPart,
  iterateParts,
  preprocessTexts,
  createPreprocessor,
  trainTruecase,
} from '../../../lib/text/index.js';
import type { PartedSource, PreprocessOptions, TextPart, TextSource, Tokenizer } from '../../../lib/text/index.js';

const pieces = [
  'word',
  'Ana',
  ' ',
  '  ',
  '\n',
  '\n\n',
  '\r\n',
  '.',
  '?!',
  '-',
  "'s",
  '7',
  '42',
  'é',
  'e\u0301',
  '日本',
  '\u00a0',
  '\0',
  '\t',
];
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''));

/** A text cut wherever a source may cut it. */
function cutEverywhere(whole: string): PartedSource {
  const parts = whole.split(/(?<=[\p{L}\p{N}])(?=[ \r\n])/u);
  const marked = parts.map((part, i): TextPart => (i < parts.length - 1 ? { text: part, more: true } : part));
  return { parts: () => toAsync(marked.map((part) => [part])), [Symbol.asyncIterator]: () => toAsync([whole]) };
}

async function* toAsync<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* await Promise.resolve(items);
}

async function join(source: PartedSource): Promise<string> {
  let joined = '';
  for await (const parts of source.parts()) joined += parts.map(getPartText).join('');
  return joined;
}

const corpus = `${pieces.join(' ')} ${pieces.join('')} the word and the words, Ana's 42 words\n`.repeat(3);
const bpe = (pattern: 'gpt-2' | 'llama-3' | 'qwen-2', normalize: ('NFC' | 'Lowercase')[] = []): Promise<Tokenizer> =>
  BpeTokenizer.train(corpus, { vocabSize: 400, pattern, normalize });

describe('parts of a text', () => {
  test.each<[string, () => Promise<Tokenizer>]>([
    ['byte', () => Promise.resolve(new ByteTokenizer())],
    ['char', () => CharTokenizer.train(corpus)],
    ['word', () => WordTokenizer.train(corpus, { normalize: ['NFC'] })],
    ['word at spaces', () => WordTokenizer.train(corpus, { split: 'spaces' })],
    ['gpt-2', () => bpe('gpt-2')],
    ['gpt-2, normalized', () => bpe('gpt-2', ['NFC', 'Lowercase'])],
    ['llama-3', () => bpe('llama-3')],
    ['qwen-2', () => bpe('qwen-2')],
  ])('%s: the ids of all parts are those of the whole', async (_, make) => {
    const tokenizer = await make();
    expect(tokenizer.wordLocal).toBe(true);
    await fc.assert(
      fc.asyncProperty(text, async (whole) => {
        fc.pre(tokenizer.encode(whole).length > 0);
        const { tokens, starts } = await encodeCorpus(cutEverywhere(whole), {
          tokenizer,
          startToken: null,
          endToken: null,
        });
        expect([...tokens]).toEqual([...tokenizer.encode(whole)]);
        expect(starts).toEqual([0]);
      }),
    );
  });

  test.each([
    {},
    { punctuation: 'strip' },
    { punctuation: 'separate', tabs: 'keep' },
    { sentences: 'lines', case: { type: 'lower' } },
    { unicode: 'NFKC', case: { type: 'truecase', forms: ['Ana', 'word'] } },
  ] satisfies PreprocessOptions[])('preprocessing %j gives the same text in parts', async (options) => {
    const process = createPreprocessor(options);
    await fc.assert(
      fc.asyncProperty(text, async (whole) => {
        expect(await join(preprocessTexts(cutEverywhere(whole), options))).toBe(process(whole));
      }),
      { numRuns: 300 },
    );
  });

  test('what is trained on parts is what the whole gives', async () => {
    const long = corpus.repeat(40);
    const trained = async (source: TextSource): Promise<unknown[]> => [
      (await BpeTokenizer.train(source, { vocabSize: 500 })).toJSON(),
      (await WordTokenizer.train(source)).toJSON(),
      (await CharTokenizer.train(source)).toJSON(),
      await trainTruecase(source),
    ];
    expect(await trained(cutEverywhere(long))).toEqual(await trained([long]));
  });

  test('a long text in memory comes in parts that make it up; a document of an array stays one', async () => {
    const long = `${'some words of a long text. '.repeat(40_000)}\n${'x'.repeat(300_000)}\nend`;
    const groups: (readonly TextPart[])[] = [];
    for await (const parts of iterateParts(['a', long, 'b'])) groups.push(parts);
    const parts = groups.flat();
    expect(parts.map(getPartText).join('')).toBe(`a${long}b`);
    expect(parts.filter((part) => !isOpenPart(part))).toHaveLength(3);
    expect(parts.length).toBeGreaterThan(5);
  });

  test('a tokenizer that looks across words is given whole documents', async () => {
    const seen: string[] = [];
    const tokenizer: Tokenizer = {
      ...{ type: 'byte', size: 256, decode: () => '', tokenBytes: () => new Uint8Array(), toJSON: () => ({}) },
      encode: (given) => {
        if (given !== '') seen.push(given);
        return new ByteTokenizer().encode(given);
      },
    };
    await encodeCorpus(cutEverywhere('one two three'), { tokenizer });
    expect(seen).toEqual(['one two three']);
  });
});
