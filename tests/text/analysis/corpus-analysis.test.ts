import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { renderAnalysisHtml, formatAnalysis, analyzeCorpus, countReferenceWords } from '../../../lib/text/index.js';
import { elements, parseMarkup, textOf } from '../../helpers/markup.js';

const FIXTURE = 'tests/text/analysis/fixtures/village.txt';
const GOLDEN = 'tests/text/analysis/fixtures/village.golden.json';
const village = readFileSync(FIXTURE, 'utf8');
const reference = { the: 60_000, and: 28_000, of: 30_000, in: 20_000, said: 2000, old: 800, bread: 20, morning: 300 };

/** Numbers to nine digits: logarithms may differ in the last ones between machines. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, part) => (typeof part === 'number' ? Number(part.toPrecision(9)) : part)));

test('the figures of a whole corpus are those of the golden file', async () => {
  const paragraphs = village.split('\n\n');
  const analysis = rounded(await analyzeCorpus(paragraphs, { vocabSize: 50, top: 8, reference }));
  if (process.env.PALABRA_UPDATE_GOLDEN) writeFileSync(GOLDEN, `${JSON.stringify(analysis, null, 2)}\n`);
  expect(analysis).toEqual(JSON.parse(readFileSync(GOLDEN, 'utf8')));
});

describe('analyzeCorpus', () => {
  test('hand-worked', async () => {
    const analysis = await analyzeCorpus('A dog ran. A dog sat!\n\nThe cat, ran', { vocabSize: 3, top: 2 });
    expect(analysis.counts).toEqual({
      documents: 1,
      lines: 3,
      sentences: 3,
      tokens: 12,
      words: 9,
      types: 9,
      characters: 35,
      bytes: 35,
    });
    expect(analysis.typeTokenRatio).toEqual({ raw: 9 / 12, per1000: undefined });
    expect(analysis.sentenceLengths).toEqual({
      min: 4,
      mean: 4,
      median: 4,
      p90: 4,
      p95: 4,
      max: 4,
      histogram: [{ from: 4, to: 5, count: 3 }],
    });
    expect(analysis.ngrams.unigrams).toMatchObject({ total: 12, distinct: 9, undercount: 0, coverage: 4 / 12 });
    expect(analysis.ngrams.unigrams.top.map(({ text, count }) => [text, count])).toEqual([
      ['A', 2],
      ['dog', 2],
    ]);
    expect(analysis.ngrams.bigrams).toMatchObject({ total: 11, distinct: 10 });
    expect(analysis.ngrams.bigrams.top[0]).toEqual({ text: 'A dog', count: 2, share: 2 / 11 });
    expect(analysis.ngrams.trigrams.total).toBe(10);
    expect(analysis.vocabulary).toMatchObject({ hapaxes: 6, vocabSize: 3, unseenRate: 0.5 });
    expect(analysis.vocabulary.oovRate).toBeCloseTo(0.5, 12);
    expect(analysis.punctuation).toMatchObject({ share: 0.25, perSentence: 1, closedSentences: 2 / 3 });
    expect(analysis.letterCase).toMatchObject({ lower: 6 / 9, capitalised: 3 / 9, upper: 0, capitalisedSentences: 1 });
    expect(analysis.characters).toMatchObject({ letters: 23 / 35, digits: 0, marks: 3 / 35 });
    expect(analysis.domainTerms).toBeUndefined();
  });

  test('n-grams stay within their document', async () => {
    const { ngrams } = await analyzeCorpus(['a b', 'c d e']);
    expect([ngrams.bigrams.total, ngrams.trigrams.total]).toEqual([3, 1]);
  });

  test('nothing at all', async () => {
    for (const source of ['', [], ['', '\n \n']]) {
      const analysis = await analyzeCorpus(source);
      expect(analysis.counts).toMatchObject({ tokens: 0, types: 0, sentences: 0 });
      expect(JSON.stringify(analysis)).not.toContain('null');
      expect(formatAnalysis(analysis)).not.toMatch(/NaN|Infinity/);
      expect(renderAnalysisHtml(analysis)).not.toMatch(/NaN|Infinity/);
    }
  });

  test('scripts without spaces, letters beyond 16 bits and placeholders', async () => {
    const { counts, ngrams } = await analyzeCorpus('今日は <unk> 🙂 de\u0301j\u00e0-vu 𝒳𝒴 1,000.5');
    expect(counts).toMatchObject({ tokens: 8, words: 7, characters: 31 });
    expect(ngrams.unigrams.top.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['今', '日', 'は', '<unk>', '🙂', 'de\u0301j\u00e0-vu', '𝒳𝒴', '1,000.5']),
    );
  });

  test('the ratio of types in windows of 1,000 tokens', async () => {
    const text = `${'a '.repeat(1000)}${'b c '.repeat(500)}${'d '.repeat(500)}`;
    expect((await analyzeCorpus(text)).typeTokenRatio.per1000).toBeCloseTo((0.001 + 0.002) / 2, 12);
  });

  test('repeated documents and lines', async () => {
    const line = 'a line of more than twenty characters';
    const { duplicates } = await analyzeCorpus([`${line}\nshort\nshort`, `${line}\nshort\nshort`, line]);
    expect(duplicates.documents).toEqual({ total: 3, repeated: 1, share: 1 / 3, sampled: 1 });
    expect(duplicates.lines).toEqual({ total: 3, repeated: 2, share: 2 / 3, sampled: 1 });
  });

  test('sentence patterns: the language is told, or given', async () => {
    const spanish = 'El perro de la casa. El gato de la vecina. El perro de la casa.';
    const { patterns } = await analyzeCorpus(spanish);
    expect(patterns.language).toBe('es');
    expect(patterns.openings).toEqual([{ text: 'el perro de', count: 2, share: 2 / 3 }]);
    expect(patterns.skeletons).toEqual([{ text: 'el _ de la _ .', count: 3, share: 1 }]);
    expect((await analyzeCorpus(spanish, { language: 'en' })).patterns.skeletons).toEqual([]);
  });

  test('domain terms are those a reference has fewer of', async () => {
    const text = 'the neural network and the neuron. '.repeat(30) + 'once';
    const { domainTerms } = await analyzeCorpus(text, { reference: { the: 60_000, and: 30_000, network: 100 } });
    const names = domainTerms!.map(({ term }) => term);
    expect(names.slice(0, 3).sort()).toEqual(['network', 'neural', 'neuron']);
    expect(names).not.toContain('once');
    expect(domainTerms![0]).toMatchObject({ count: 30, perMillion: (1e6 * 30) / 181 });
  });

  test('reference counts: of texts, and of lists with a word and its count in each line', async () => {
    const documents = ['The cat, the dog.\nIt’s 7.', 'the 40\n\ncat\t2\n', 'a 1\nno list'];
    const reference = await countReferenceWords(documents);
    expect(reference).toEqual({ the: 42, cat: 3, dog: 1, 'it’s': 1, 7: 1, a: 1, 1: 1, no: 1, list: 1 });
    expect(await countReferenceWords([])).toEqual({});
  });

  test('advice follows the size', async () => {
    const small = (await analyzeCorpus('Some words. '.repeat(50))).recommendation;
    expect(small.tokenizer.value).toEqual({ type: 'char', vocabSize: 10 });
    expect(small.dropout.value).toBe(0.3);
    expect(small.tokensPerParameter.value).toBeLessThan(1);
    const varied = Array.from({ length: 12_000 }, (_, i) =>
      `Word${i % 9000} number${i} of the list goes here, friend. `.repeat(4),
    );
    const large = (await analyzeCorpus(varied)).recommendation;
    expect(large.tokenizer.value.type).toBe('bpe');
    expect(large.sequenceLength.value).toBe(16);
    const words = (await analyzeCorpus('The same few words again and again. '.repeat(60_000))).recommendation;
    expect(words.tokenizer.value).toEqual({ type: 'word', vocabSize: 11 });
  });

  test('bounded memory: counts may be too small, and the analysis says by how much', async () => {
    const noise = Array.from({ length: 30_000 }, (_, i) => `x${(i * 7919) % 30_011}`);
    const text = noise.map((word, i) => (i % 10 === 0 ? `${word} on and on` : word)).join(' ');
    const exact = (await analyzeCorpus(text)).ngrams.bigrams;
    const bounded = (await analyzeCorpus(text, { maxEntries: 1024 })).ngrams.bigrams;
    expect(exact.undercount).toBe(0);
    expect(bounded.undercount).toBeGreaterThan(0);
    expect(bounded.distinct).toBeLessThanOrEqual(1024);
    expect(bounded.top[0]).toEqual(exact.top[0]);
  });

  test('options are checked', async () => {
    await expect(analyzeCorpus('a', { vocabSize: 0 })).rejects.toMatchObject({ code: 'PAL_CONFIG' });
    await expect(analyzeCorpus('a', { maxNgrams: 3 } as never)).rejects.toThrow(/maxNgrams: unknown key/);
  });
});

describe('reports', () => {
  test('text: figures, lists and advice', async () => {
    const text = formatAnalysis(await analyzeCorpus(village, { top: 5, reference }));
    for (const part of ['Tokens in a sentence', '  median  ', 'Pairs\n', 'Terms of the domain', '  tokenizer: char']) {
      expect(text).toContain(part);
    }
    expect(text).toMatch(/^ {2}the {2}23 {2}9\.3 %$/m);
  });

  test('HTML: one well-formed page with four pictures that loads nothing', async () => {
    const nasty = '<script>alert(1)</script> & "</td>" '.repeat(3);
    const page = renderAnalysisHtml(await analyzeCorpus([village, nasty]), { title: 'a <b> & "c"' });
    const root = parseMarkup(page);
    expect(elements(root, 'svg')).toHaveLength(4);
    expect(elements(root, 'script')).toEqual([]);
    expect(elements(root, 'h1').map(textOf)).toEqual(['a <b> & "c"']);
    expect(elements(root, 'td').map(textOf)).toEqual(expect.arrayContaining(['<script>', '&']));
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|src=|url\(/);
  });
});
