import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { encodeCorpus, prepare, textFiles } from '../../../lib/data/index.js';
import {
  BpeTokenizer,
  CharTokenizer,
  WordTokenizer,
  analyzeCorpus,
  countReferenceWords,
  divideChunks,
  getPartText,
  preprocessTexts,
} from '../../../lib/text/index.js';

const directory = mkdtempSync(join(tmpdir(), 'palabra-size-'));
const lines = Array.from({ length: 3500 }, (_, i) => `Line ${i} says: the sun, ${i * i}, climbs. And ends.`);
const text = `${lines.join('\n')}\n${lines.join(' ')}\n`;
const path = join(directory, 'long.txt');
writeFileSync(path, text);

/** A document that may not be asked for whole, as one of more bytes than a string holds. */
const long = textFiles(path, { limits: { documentBytes: 4096 } });

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('no text has to fit into one string', () => {
  test('whole it is refused, and the error names the ways', async () => {
    await expect(readWhole()).rejects.toThrow(/textLines, --source lines[\s\S]*parts\(\)/);
  });

  test('its analysis and its word counts are those of the whole', async () => {
    expect(await analyzeCorpus(long)).toEqual(await analyzeCorpus(text));
    expect(await countReferenceWords(long)).toEqual(await countReferenceWords([text]));
  });

  test.each([
    ['byte pairs', (source: Source) => BpeTokenizer.train(source, { vocabSize: 300 })],
    ['characters', (source: Source) => CharTokenizer.train(source)],
    ['words', (source: Source) => WordTokenizer.train(source)],
  ])('tokenizers of %s are trained, and encode and prepare it, as they do the whole', async (name, train) => {
    const tokenizer = await train(long);
    expect(tokenizer.toJSON()).toEqual((await train(text)).toJSON());
    expect((await encodeCorpus(long, { tokenizer })).tokens).toEqual((await encodeCorpus(text, { tokenizer })).tokens);
    const options = { directory: join(directory, name), tokenizer, split: { validation: 0.1 }, contamination: false };
    const { splits } = await prepare(preprocessTexts(long), options);
    expect(splits.train?.documents).toBe(1);
  });

  test('chunks of a stream become parts with the ids of the whole', async () => {
    const tokenizer = await BpeTokenizer.train(text, { vocabSize: 300 });
    const ids: number[] = [];
    const sizes: number[] = [];
    for await (const part of divideChunks(cutChunks())) {
      sizes.push(getPartText(part).length);
      ids.push(...tokenizer.encode(getPartText(part)));
    }
    expect(ids).toEqual([...tokenizer.encode(text)]);
    expect(sizes.length).toBeGreaterThan(1);
  });
});

type Source = typeof long | string;

/** Reads the documents whole. */
async function readWhole(): Promise<string[]> {
  const documents: string[] = [];
  for await (const document of long) documents.push(document);
  return documents;
}

async function* cutChunks(): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 10_007) yield await Promise.resolve(text.slice(at, at + 10_007));
}
