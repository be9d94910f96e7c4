import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isPalabraError } from '../../../lib/core/index.js';
import {
  BucketDataset,
  PackedDataset,
  StreamDataset,
  WindowDataset,
  openTokenFile,
  writeTokenFile,
} from '../../../lib/data/index.js';
import type { Corpus, TokenDataset, TokenFileOptions, TokenRow } from '../../../lib/data/index.js';
import { ByteTokenizer, CharTokenizer } from '../../../lib/text/index.js';
import { expectSame } from '../../helpers/expect-same.js';

const tokenizer = new ByteTokenizer();
const wide = new CharTokenizer(Array.from({ length: 70_000 }, (_, i) => String.fromCodePoint(0x10000 + i)));
const small = { tokens: Uint16Array.of(1, 2, 3, 4, 255), starts: [0, 3] };
let directory: string;
let files = 0;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'palabra-tokens-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const newPath = (): string => join(directory, `${files++}.bin`);

async function written(corpus: Corpus<TokenRow>, of = tokenizer as ByteTokenizer | CharTokenizer): Promise<string> {
  const path = newPath();
  await writeTokenFile(path, corpus, of);
  return path;
}

/** A file with a header as llm.c writes it. */
function llmcFile(magic: number, version: number, tokens: Uint16Array | Uint32Array, count = tokens.length): string {
  const path = newPath();
  const header = new Int32Array(256);
  header.set([magic, version, count]);
  writeFileSync(path, new Uint8Array(header.buffer));
  appendFileSync(path, new Uint8Array(tokens.buffer));
  return path;
}

const all = (path: string, options?: TokenFileOptions): [number[], number[]] => {
  using file = openTokenFile(path, options);
  return [[...file.subarray(0, file.length)], [...file.starts]];
};

describe('writeTokenFile, openTokenFile', () => {
  test('golden: the bytes of a small file', async () => {
    const bytes = readFileSync(await written(small));
    expect(bytes.length).toBe(128 + 16 + 16);
    expect(bytes.toString('latin1', 0, 8)).toBe('PALTOKEN');
    expect([8, 12, 16, 24, 32].map((at) => bytes.readUInt32LE(at))).toEqual([1, 2, 5, 2, 256]);
    expect(bytes.subarray(128, 144).toString('hex')).toBe('01000200030004' + '00ff00' + '000000000000');
    expect([bytes.readBigUInt64LE(144), bytes.readBigUInt64LE(152)]).toEqual([0n, 3n]);
  });

  test.each([
    ['two bytes', tokenizer, 256, 2],
    ['four bytes', wide, 70_000, 4],
  ] as const)('%s a token: what was written is read', async (_, of, size, bytesPerToken) => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint32Array({ max: size - 1, minLength: 1, maxLength: 50 }),
        fc.uniqueArray(fc.nat(49)),
        async (tokens, places) => {
          const starts = places.filter((place) => place <= tokens.length).sort((a, b) => a - b);
          const path = await written({ tokens, starts }, of);
          expect(all(path)).toEqual([[...tokens], starts]);
          using file = openTokenFile(path, { tokenizer: of });
          expect([file.format, file.bytesPerToken, file.vocabSize]).toEqual(['palabra', bytesPerToken, size]);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('more tokens than one write takes', async () => {
    const tokens = Uint16Array.from({ length: 600_000 }, (_, i) => (i * 7) % 256);
    const path = await written({ tokens, starts: [0] });
    using file = openTokenFile(path);
    const read = file.subarray(0, 600_000);
    expect([read.length, read.findIndex((token, i) => token !== tokens[i])]).toEqual([600_000, -1]);
    expect(file.subarray(262_140, 262_150)).toEqual(tokens.slice(262_140, 262_150));
    expect(file.subarray(599_998, 700_000)).toHaveLength(2);
    expect(file.subarray(5, 5)).toHaveLength(0);
  });

  test("reads llm.c's files", () => {
    expect(all(llmcFile(20240520, 1, Uint16Array.of(50256, 1, 2)))).toEqual([[50256, 1, 2], [0]]);
    expect(all(llmcFile(20240801, 7, Uint32Array.of(128_000, 7)))).toEqual([[128_000, 7], [0]]);
    const documents = llmcFile(20240520, 1, Uint16Array.of(50256, 1, 2, 50256, 50256, 3));
    expect(all(documents, { startToken: 50256 })[1]).toEqual([0, 3, 4]);
    expect(() => openTokenFile(llmcFile(20240520, 2, Uint16Array.of(1)))).toThrow('expected version 1 of llm.c');
    expect(() => openTokenFile(llmcFile(20240520, 1, Uint16Array.of(1), 2))).toThrow(
      'expected 1028 bytes, as its header',
    );
    expect(() => openTokenFile(llmcFile(20240520, 1, Uint16Array.of(1), -2))).toThrow('a token count of at least 0');
  });

  test("reads nanoGPT's files when told the width", () => {
    const path = newPath();
    writeFileSync(path, new Uint8Array(Uint16Array.of(5, 6, 50_000).buffer));
    expect(all(path, { raw: 2 })).toEqual([[5, 6, 50_000], [0]]);
    expect(() => openTokenFile(path)).toThrow('name the bytes a token takes, raw: 2 or 4');
    expect(() => openTokenFile(path, { raw: 4 })).toThrow('expected a multiple of 4 bytes');
  });

  test('refuses what is no token file, a cut one, another tokenizer and ids beyond the vocabulary', async () => {
    const path = await written(small);
    expect(() => openTokenFile(join(directory, 'missing'))).toThrow(expect.objectContaining({ code: 'PAL_FILE' }));
    expect(() => openTokenFile(directory)).toThrow(expect.objectContaining({ code: 'PAL_DATA' }));
    expect(() => openTokenFile(path, { tokenizer: wide })).toThrow('expected tokens of this tokenizer');
    const damaged = readFileSync(path);
    damaged.writeUInt16LE(256, 130);
    writeFileSync(path, damaged);
    expect(() => all(path)).toThrow('expected ids below the vocabulary size 256');
    truncateSync(path, 150);
    expect(() => openTokenFile(path)).toThrow('expected 160 bytes, as its header says');
    await expect(written({ tokens: Uint16Array.of(256), starts: [0] })).rejects.toThrow(
      '[PAL_ARGUMENT] writeTokenFile: expected ids below the vocabulary size 256, received 256.',
    );
  });

  test('a file that is truncated while it is open is an error, not the end of the process', async () => {
    const path = await written({ tokens: new Uint16Array(5000), starts: [0] });
    using file = openTokenFile(path);
    truncateSync(path, 4096);
    expect(file.subarray(0, 1000)).toHaveLength(1000);
    expect(() => file.subarray(1000, 3000)).toThrow('The file was cut after it was opened.');
  });

  test('closed means closed', async () => {
    const file = openTokenFile(await written(small));
    file.close();
    file.close();
    expect(() => file.subarray(0, 1)).toThrow(expect.objectContaining({ code: 'PAL_DISPOSED' }));
  });

  test('no damage of a header does more than throw', async () => {
    const bytes = readFileSync(await written(small));
    const path = newPath();
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), (at, value, length) => {
        const damaged = Buffer.from(bytes.subarray(0, Math.max(length, 100)));
        if (at < damaged.length) damaged[at] = value;
        writeFileSync(path, damaged);
        try {
          all(path);
        } catch (error) {
          if (!isPalabraError(error)) throw error;
          expect(['PAL_DATA', 'PAL_FILE']).toContain(error.code);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('datasets over a file', () => {
  const tokens = Uint16Array.from({ length: 3000 }, (_, i) => (i * i) % 251);
  const starts = [0, 400, 450, 1000, 1001, 2500];
  const kinds: Record<string, <T extends TokenRow>(corpus: Corpus<T>) => TokenDataset<T>> = {
    windows: ({ tokens: row }) => new WindowDataset(row, { length: 64, stride: 32 }),
    packed: (corpus) => new PackedDataset(corpus, { length: 128 }),
    buckets: (corpus) => new BucketDataset(corpus, { length: 256 }),
    streams: ({ tokens: row }) => new StreamDataset(row, { length: 40 }),
  };

  test.each(Object.entries(kinds))('%s: the same batches as in memory', async (_, make) => {
    using file = openTokenFile(await written({ tokens, starts }));
    const [there, here] = [make({ tokens: file, starts: file.starts }), make({ tokens, starts })];
    expect(String(there)).toBe(String(here));
    const options = { batchSize: 5, order: 'shuffled', seed: 4 } as const;
    const [fromFile, inMemory] = [there.batches(options), here.batches(options)];
    for (let i = 0; i < 20; i++) expectSame(fromFile.next(), inMemory.next());
  });
});
