import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { textFiles } from '../../../lib/data/index.js';
import type { FileSource } from '../../../lib/data/index.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'palabra-data-'));
  writeFileSync(join(directory, 'b.txt'), 'second');
  writeFileSync(join(directory, 'a.txt'), '\uFEFFfirst é');
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

async function all(source: FileSource): Promise<string[]> {
  const documents: string[] = [];
  for await (const text of source) documents.push(text);
  return documents;
}

describe('textFiles', () => {
  test('reads the files in order, without their byte order mark, as often as asked', async () => {
    const source = textFiles(['b.txt', '*.txt'], { directory });
    expect(source.paths).toEqual([join(directory, 'a.txt'), join(directory, 'b.txt')]);
    expect(await all(source)).toEqual(['first é', 'second']);
    expect(await all(source)).toEqual(['first é', 'second']);
  });

  test('says at once that nothing matches, and where it looked', () => {
    expect(() => textFiles('*.md', { directory })).toThrow(
      `[PAL_DATA] textFiles: expected files that match "*.md", received none in ${directory}. Quote the pattern in a shell`,
    );
    expect(() => textFiles(['a.txt', 'c.txt'], { directory })).toThrow('expected files that match "c.txt"');
    expect(() => textFiles('.', { directory: join(directory) })).toThrow(
      expect.objectContaining({ code: 'PAL_ARGUMENT' }),
    );
    expect(() => textFiles([], { directory })).toThrow('expected a pattern, received none');
  });

  test('a directory in place of a file gets the pattern for its files', () => {
    expect(() => textFiles(`${directory}/`)).toThrow(`for the files of a directory write "${directory}/**"`);
  });

  test('names a file that is not UTF-8', async () => {
    writeFileSync(join(directory, 'c.txt'), Uint8Array.of(0x61, 0xff, 0x62));
    await expect(all(textFiles('*.txt', { directory }))).rejects.toMatchObject({
      code: 'PAL_DATA',
      details: { path: join(directory, 'c.txt') },
    });
  });

  test('names a file that has gone since', async () => {
    const source = textFiles('*.txt', { directory });
    unlinkSync(join(directory, 'b.txt'));
    await expect(all(source)).rejects.toMatchObject({ code: 'PAL_FILE', details: { code: 'ENOENT' } });
  });
});
