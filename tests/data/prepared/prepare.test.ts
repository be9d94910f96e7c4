import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildDataset, encodeCorpus, isPrepared, openPrepared, prepare, splitCorpus } from '../../../lib/data/index.js';
import type { Augmentation, Corpus, PrepareOptions, TokenFile } from '../../../lib/data/index.js';
import { BpeTokenizer, CharTokenizer, WordTokenizer } from '../../../lib/text/index.js';

const documents = Array.from({ length: 40 }, (_, i) => `document ${i}: ${'la '.repeat(i % 9)}end`);
const tokenizer = await CharTokenizer.train(documents);
let folder: string;
let directory: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'palabra-prepare-'));
  directory = join(folder, 'deep', 'data');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const prepared = (options: Partial<PrepareOptions> = {}) => prepare(documents, { directory, tokenizer, ...options });

describe('prepare, openPrepared', () => {
  test.each(['block', 'document'] as const)('by %s, a folder holds what the same split holds in memory', async (by) => {
    const manifest = await prepared({ split: { by, seed: 2 } });
    const here = splitCorpus(await encodeCorpus(documents, { tokenizer }), { by, validation: 0.1, test: 0.1, seed: 2 });
    using there = await openPrepared(directory, { verify: true });
    for (const part of ['train', 'validation', 'test'] as const) {
      const { tokens, starts } = there[part]!;
      expect([...tokens.subarray(0, tokens.length)]).toEqual([...here[part].tokens]);
      expect([...(starts as Float64Array)]).toEqual(here[part].starts);
      expect(manifest.splits[part]).toEqual({ tokens: tokens.length, documents: starts.length });
    }
    expect(there.manifest).toEqual(JSON.parse(JSON.stringify(manifest)));
    expect(there.tokenizer.toJSON()).toEqual(tokenizer.toJSON());
    expect(readdirSync(directory).sort()).toEqual([
      'manifest.json',
      'test.bin',
      'tokenizer.json',
      'train.bin',
      'validation.bin',
    ]);
  });

  test('keeps preprocessing and boundaries, and counts what it read', async () => {
    const seen: number[] = [];
    const manifest = await prepared({
      preprocess: { case: { type: 'lower' } },
      separator: ' ',
      endToken: null,
      split: { validation: 0, test: 0.5 },
      onProgress: (progress) => seen.push(progress.documents),
    });
    expect(manifest.preprocess).toMatchObject({ case: { type: 'lower' }, unicode: 'NFC' });
    expect(manifest.boundaries).toEqual({ separator: ' ', endToken: null });
    expect(manifest.source).toEqual({ documents: 40, bytes: Buffer.byteLength(documents.join('')) });
    expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    using there = await openPrepared(directory);
    expect(there.validation).toBeUndefined();
    const { tokens } = there.train;
    expect(there.tokenizer.decode(tokens.subarray(0, 30))).toBe(`${documents[0]} ${documents[1]}`.slice(0, 30));
  });

  test('learns the forms of words for truecasing, once, from the whole text', async () => {
    const texts = ['We met Ana. Ana met us, and we met Ana.', 'Then we went. Then Ana went too, and we went.'];
    const letters = await CharTokenizer.train([...texts, 'w']);
    const split = { validation: 0, test: 0 };
    const options = { directory, tokenizer: letters, split, preprocess: { case: { type: 'truecase' } } } as const;
    const { preprocess } = await prepare(texts, options);
    expect(preprocess!.case).toEqual({ type: 'truecase', forms: ['Ana', 'met', 'we', 'went', 'and'] });
    using there = await openPrepared(directory);
    expect(there.manifest.preprocess).toEqual(preprocess);
    expect(letters.decode(there.train.tokens.subarray(0, 8))).toBe('we met A');
  });

  test('texts of their own as held-out parts; the shares are for the others', async () => {
    const lines = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name} ${i}`);
    const own = await CharTokenizer.train([...lines('train', 10), ...lines('validation', 10)]);
    const options = { directory, tokenizer: own, replace: true, split: { by: 'document' } } as const;
    const texts = async (heldOut: PrepareOptions['heldOut'] = {}) => {
      const { source, split } = await prepare(lines('train', 20), { ...options, heldOut });
      using there = await openPrepared(directory, { verify: true });
      const { train, validation, test: last } = there;
      const text = ({ tokens }: Corpus<TokenFile>): string => own.decode(tokens.subarray(0, tokens.length));
      const shares = [split.validation, split.test];
      return { ...source, shares, train: text(train), rest: [text(validation!), text(last!)] };
    };
    const both = await texts({ validation: lines('validation', 3), test: 'validation 9' });
    expect(both).toMatchObject({ documents: 24, shares: [0, 0], train: lines('train', 20).join('') });
    expect(both.rest).toEqual(['validation 0validation 1validation 2', 'validation 9']);
    expect(both.bytes).toBe(Buffer.byteLength(both.train + both.rest.join('')));
    const one = await texts({ validation: lines('validation', 3) });
    expect(one).toMatchObject({ documents: 23, shares: [0, 0.1] });
    expect(one.rest[1]).toMatch(/^(?:train \d+){2,3}$/);
    expect(one.train.length + one.rest[1]!.length).toBe(both.train.length);
    await expect(texts({ test: [] })).rejects.toThrow('a source with text');
  });

  describe('augmentation', () => {
    const lines = Array.from({ length: 30 }, (_, i) => `line number ${i}`);
    const letters = CharTokenizer.train([...lines, '#']);
    const given: string[] = [];
    const hashed: Augmentation = function* (text, random) {
      given.push(text);
      for (let copies = random.integer(3); copies > 0; copies--) yield `${text} # ${random.integer(100)}`;
    };
    const augmented = async (options: Partial<PrepareOptions> = {}, source: Iterable<string> = lines) => {
      given.length = 0;
      const trained = await letters;
      return prepare(source, {
        directory,
        tokenizer: trained,
        augmentation: hashed,
        separator: '#',
        ...options,
      });
    };
    const texts = async (): Promise<Record<string, string[]>> => {
      using there = await openPrepared(directory, { verify: true });
      const { train, validation, test: last } = there;
      const textsOf = ({ tokens, starts }: Corpus<TokenFile>): string[] =>
        Array.from(starts, (start, i) =>
          there.tokenizer.decode(tokens.subarray(start, starts[i + 1] ?? tokens.length)),
        );
      return { train: textsOf(train), validation: textsOf(validation!), test: textsOf(last!) };
    };

    test.each(['block', 'document'] as const)('by %s: variants of the training documents alone', async (by) => {
      const manifest = await augmented({ split: { by, seed: 3 } });
      const { train, validation, test: last } = await texts();
      const originals = train!.filter((text) => !text.includes(' # '));
      const variants = train!.slice(originals.length);
      expect(variants.length).toBeGreaterThan(10);
      expect([...validation!, ...last!].filter((text) => text.includes(' # '))).toEqual([]);
      const whole = originals.filter((text) => /^line number \d+#$/.test(text)).map((text) => text.slice(0, -1));
      expect(given).toEqual(whole);
      for (const text of variants) expect(given).toContain(/^(.*) # \d+#?$/.exec(text)![1]);
      expect(manifest.augmented!.documents).toBe(variants.length);
      expect(manifest.splits.train!.documents).toBe(train!.length);
      expect(manifest.source.documents).toBe(30);
      const first = readFileSync(join(directory, 'train.bin'));
      await augmented({ split: { by, seed: 3 }, replace: true });
      expect(readFileSync(join(directory, 'train.bin')).equals(first)).toBe(true);
    });

    test('without held-out parts the separator stands between the last document and the first variant', async () => {
      await augmented({ split: { validation: 0, test: 0 } });
      using there = await openPrepared(directory);
      const text = there.tokenizer.decode(there.train.tokens.subarray(0, there.train.tokens.length));
      expect(text).toMatch(/#line number 29#line number \d+ # /);
    });

    test('refuses a document that is cut, a source that is spent, and what is no text', async () => {
      await expect(augmented({ split: { by: 'block' } }, [lines.join('')])).rejects.toThrow(
        'expected documents that lie wholly in the training part',
      );
      await expect(augmented({}, lines.values())).rejects.toThrow(/a source that can be read twice.*0 documents the/);
      await expect(augmented({ augmentation: () => [7] as never })).rejects.toMatchObject({ code: 'PAL_ARGUMENT' });
      await expect(augmented({ augmentation: 'twice' as never })).rejects.toThrow('augmentation to be a function');
      expect(existsSync(directory)).toBe(false);
    });
  });

  test('tells what the parts share', async () => {
    const text = (i: number): string => `${i} walked over ${i * 7} hills and came home on day ${i * 13} of the year`;
    const texts = Array.from({ length: 60 }, (_, i) => text(i % 50));
    const digits = await CharTokenizer.train(texts);
    const options = { directory, tokenizer: digits, replace: true };
    const { contamination } = await prepare(texts, { ...options, split: { by: 'block', test: 0.2, validation: 0 } });
    expect(contamination!.pairs).toHaveLength(1);
    expect(contamination!.pairs[0]).toMatchObject({ heldOut: 'test', reference: 'train' });
    expect(contamination!.pairs[0]!.exact).toBeGreaterThanOrEqual(9);
    expect((await prepare(texts, { ...options, contamination: false })).contamination).toBeUndefined();
  });

  test('the parts are ready for every dataset', async () => {
    await prepared();
    using there = await openPrepared(directory);
    for (const type of ['windows', 'packed', 'buckets', 'streams'] as const) {
      const dataset = buildDataset({ type, length: 16 }, there.train);
      expect(dataset.batches({ batchSize: 2, order: 'shuffled' }).next().value!.shape[0]).toBe(2);
    }
  });

  test.each([
    ['words', () => WordTokenizer.train(documents)],
    ['byte-pair encoding', () => BpeTokenizer.train(documents, { vocabSize: 300, specialTokens: ['<|endoftext|>'] })],
  ])('%s: the stored tokenizer is the same one, and documents have their boundaries', async (_, train) => {
    const trained = await train();
    await prepared({ tokenizer: trained, split: { validation: 0, test: 0 } });
    using there = await openPrepared(directory, { verify: true });
    const { tokens, starts } = there.train;
    const special = trained.specialTokens;
    const [start, end] = [special['<START>'], special['<END>'] ?? special['<|endoftext|>']];
    expect(end).toBeDefined();
    for (let i = 1; i < starts.length; i++) {
      const [last, first] = tokens.subarray(starts[i]! - 1, starts[i]! + 1);
      expect(last).toBe(end);
      if (start !== undefined) expect(first).toBe(start);
    }
  });

  test('a part that was asked for and would be empty is an error, not left out', async () => {
    const short = (split: PrepareOptions['split'], source: readonly string[] = ['la la e']) =>
      prepare(source, { directory, tokenizer, replace: true, split });
    await expect(short({})).rejects.toThrow(
      'at least 2 tokens in the validation part, received 0. Use more text, a larger share, or split.validation: 0',
    );
    await expect(short({ validation: 0, test: 0.2 })).rejects.toThrow('2 tokens in the test part, received 1');
    await expect(short({ validation: 0, test: 0 }, ['d'])).rejects.toThrow('2 tokens in the train part, received 1');
    const ownTest = prepare(documents, { directory, tokenizer, heldOut: { test: 'd' } });
    await expect(ownTest).rejects.toMatchObject({ code: 'PAL_DATA', details: { part: 'test', tokens: 1 } });
    expect((await short({ validation: 0, test: 0.3 })).splits.test).toEqual({ tokens: 2, documents: 1 });
  });

  test('an existing folder stays unless it may be replaced', async () => {
    await prepared();
    await expect(prepared()).rejects.toMatchObject({ code: 'PAL_FILE' });
    const { files } = await prepared({ replace: true, split: { test: 0 } });
    expect(Object.keys(files)).toEqual(['train.bin', 'validation.bin', 'tokenizer.json']);
  });

  test('nothing appears when it fails or is stopped', async () => {
    const stop = new AbortController();
    const stopping = prepared({ signal: stop.signal, onProgress: () => stop.abort() });
    await expect(stopping).rejects.toMatchObject({ code: 'PAL_ABORTED' });
    await expect(prepare([], { directory, tokenizer })).rejects.toThrow('a source with text');
    await expect(prepare('Ω', { directory, tokenizer })).rejects.toMatchObject({ code: 'PAL_ARGUMENT' });
    await expect(prepared({ splits: {} } as never)).rejects.toThrow('Did you mean "split"?');
    expect(existsSync(directory)).toBe(false);
    expect(readdirSync(join(folder, 'deep'))).toEqual([]);
  });

  test('refuses what is damaged or mixed up', async () => {
    await prepared();
    const path = join(directory, 'train.bin');
    const bytes = readFileSync(path);
    bytes[200]! ^= 1;
    writeFileSync(path, bytes);
    (await openPrepared(directory)).close();
    await expect(openPrepared(directory, { verify: true })).rejects.toThrow('expected SHA-256');
    writeFileSync(join(directory, 'tokenizer.json'), JSON.stringify(new CharTokenizer(['a'])));
    await expect(openPrepared(directory)).rejects.toThrow('tokens of this tokenizer');
    writeFileSync(join(directory, 'tokenizer.json'), JSON.stringify(tokenizer));
    truncateSync(path, 300);
    await expect(openPrepared(directory)).rejects.toThrow('as its header says');
    writeFileSync(join(directory, 'manifest.json'), '{"version":2}');
    await expect(openPrepared(directory)).rejects.toMatchObject({ code: 'PAL_CONFIG' });
    writeFileSync(join(directory, 'manifest.json'), '{');
    await expect(openPrepared(directory)).rejects.toThrow('expected JSON in');
  });

  test('knows a prepared folder', async () => {
    expect(isPrepared(directory)).toBe(false);
    await prepared();
    expect(isPrepared(directory)).toBe(true);
  });
});
