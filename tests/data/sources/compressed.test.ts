import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { jsonLines, textFiles, textLines } from '../../../lib/data/index.js';
import { SourceFolder, all } from './files.js';

/** Two frames of the same text at levels 19 and 1, with and without a checksum; between them one to be skipped. */
const WORDS = 'tests/data/sources/fixtures/words.txt.zst';
const WORDS_SHA = 'cb2a25cedeef0907528b49f5afea2fa2361a58cc09464b1d00f9d01aeb6c57d3';

/** One zstd frame by hand: a window of 1 KiB, blocks as given. */
function frame(...blocks: [type: number, size: number, bytes: number[]][]): number[] {
  const body = blocks.flatMap(([type, size, bytes], i) => {
    const header = (size << 3) | (type << 1) | Number(i === blocks.length - 1);
    return [header & 255, (header >> 8) & 255, header >> 16, ...bytes];
  });
  return [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38, ...body];
}

/** Where the frame to be skipped begins. */
function endOfFirstFrame(bytes: Buffer): number {
  return bytes.indexOf(Buffer.from([0x2a, 0x4d, 0x18]), 4) - 1;
}

describe('gzip', () => {
  test('members one after another are one text, whatever the name', async () => {
    using folder = new SourceFolder();
    const bytes = Buffer.concat([gzipSync('uno '), gzipSync('dos')]);
    folder.write('a.txt.gz', bytes);
    folder.write('b', bytes);
    expect(await all(textFiles('*', { directory: folder.path }))).toEqual(['uno dos', 'uno dos']);
  });

  test('a cut or damaged file is an error', async () => {
    using folder = new SourceFolder();
    const whole = gzipSync('{"text":"a"}\n'.repeat(1000));
    const cut = folder.write('cut.gz', whole.subarray(0, -9));
    const damaged = folder.write('damaged.gz', Buffer.from(whole).fill(0, 20, 30));
    for (const path of [cut, damaged]) {
      const source = jsonLines(path, { onMalformed: 'report' });
      await expect(all(source)).rejects.toMatchObject({ code: 'PAL_DATA', details: { path } });
    }
  });

  test('a name that promises gzip is held to it', async () => {
    using folder = new SourceFolder();
    await expect(all(textFiles(folder.write('a.gz', 'text')))).rejects.toThrow('to be gzip data, as its name says');
    await expect(all(textFiles(folder.write('b.zst', gzipSync('a'))))).rejects.toThrow('received a file in gzip');
    await expect(all(textFiles(folder.write('c.gz', '')))).rejects.toThrow('received an empty file');
  });

  test('a bomb stops at the limits', async () => {
    using folder = new SourceFolder();
    const path = folder.write('a.gz', gzipSync(`${' '.repeat(1023)}\n`.repeat(20 * 2 ** 10)));
    const tight = textLines(path, { limits: { ratio: 100 } });
    await expect(all(tight)).rejects.toMatchObject({ code: 'PAL_DATA', details: { limit: 'ratio', value: 100 } });
    const small = textLines(path, { limits: { fileBytes: 2 ** 24 } });
    await expect(all(small)).rejects.toMatchObject({ details: { limit: 'fileBytes' } });
    await expect(all(textFiles(path, { limits: { documentBytes: 2 ** 20 } }))).rejects.toMatchObject({
      details: { limit: 'documentBytes' },
    });
    expect(await all(textLines(path))).toEqual([]);
  });
});

describe('zstd', () => {
  test('frames by the reference compressor', async () => {
    const [text] = await all(textFiles(WORDS));
    expect(createHash('sha256').update(text!).digest('hex')).toBe(WORDS_SHA);
    expect(await all(textLines(WORDS))).toHaveLength(800);
  });

  test('raw and repeated blocks by hand, also in a file shorter than a header can be', async () => {
    using folder = new SourceFolder();
    const bytes = frame([0, 2, [0x61, 0x62]], [1, 5, [0x63]]);
    expect(await all(textFiles(folder.write('a', Uint8Array.from(bytes))))).toEqual(['abccccc']);
    const tiny = frame([0, 1, [0x61]]);
    expect(await all(textFiles(folder.write('b', Uint8Array.from([...tiny, ...tiny]))))).toEqual(['aa']);
  });

  test('a cut file is an error wherever it is cut', async () => {
    using folder = new SourceFolder();
    const whole = readFileSync(WORDS);
    for (const length of [5, 7, 100, 2000, whole.length - 1]) {
      const path = folder.write('cut.zst', whole.subarray(0, length));
      await expect(all(textFiles(path))).rejects.toMatchObject({ code: 'PAL_DATA', details: { path } });
    }
  });

  test('a flipped bit of the content, of the checksum or of the stated size is an error', async () => {
    using folder = new SourceFolder();
    const whole = readFileSync(WORDS);
    const first = Buffer.from(whole.subarray(0, endOfFirstFrame(whole)));
    expect(await all(textFiles(folder.write('whole.zst', first)))).toHaveLength(1);
    for (const at of [first.length - 1, first.length - 4]) {
      const path = folder.write('spoilt.zst', Buffer.from(first).fill(first[at]! ^ 1, at, at + 1));
      await expect(all(textFiles(path))).rejects.toThrow(/a zstd frame with the checksum \d+ that says \d+/);
    }
    const raw = [0x28, 0xb5, 0x2f, 0xfd, 0x24, 3, 0x19, 0, 0, 0x61, 0x62, 0x63];
    const checksum = [0x99, 0x09, 0x77, 0xad];
    expect(await all(textFiles(folder.write('raw.zst', Uint8Array.from([...raw, ...checksum]))))).toEqual(['abc']);
    const flipped = folder.write('flipped.zst', Uint8Array.from([...raw.slice(0, -1), 0x64, ...checksum]));
    await expect(all(textFiles(flipped))).rejects.toMatchObject({ code: 'PAL_DATA', details: { path: flipped } });
    raw[5] = 4;
    const longer = folder.write('longer.zst', Uint8Array.from([...raw, ...checksum]));
    await expect(all(textFiles(longer))).rejects.toThrow('a zstd frame of 3 bytes that says 4');
  });

  test('a header that asks for much memory is refused, in any frame', async () => {
    using folder = new SourceFolder();
    const wide = frame([0, 1, [0x61]]);
    wide[5] = 0xff;
    const path = folder.write('a.zst', Uint8Array.from([...frame([0, 1, [0x61]]), ...wide]));
    await expect(all(textFiles(path))).rejects.toThrow(/a zstd window of \d+ bytes, above 134217728/);
  });

  test('a bomb of repeated blocks stops at the limits', async () => {
    using folder = new SourceFolder();
    const line: [number, number, number[]][] = [
      [1, 1023, [32]],
      [1, 1, [10]],
    ];
    const blocks = Array.from({ length: 20 * 2 ** 10 }, () => line).flat();
    const path = folder.write('a.zst', Uint8Array.from(frame(...blocks)));
    const source = textLines(path, { limits: { ratio: 100 } });
    await expect(all(source)).rejects.toMatchObject({ details: { limit: 'ratio' } });
  });
});
