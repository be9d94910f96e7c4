import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readFileLines } from '../../lib/core/index.js';
import type { FileLine } from '../../lib/core/index.js';

const folder = mkdtempSync(join(tmpdir(), 'palabra-lines-'));
const path = join(folder, 'a.txt');

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function readAll(from: string): Promise<FileLine[]> {
  const found: FileLine[] = [];
  for await (const lines of readFileLines('test', from)) found.push(...lines);
  return found;
}

const read = async (content: string | Uint8Array): Promise<FileLine[]> => {
  writeFileSync(path, content);
  return await readAll(path);
};

describe('readFileLines', () => {
  test.each([
    ['', []],
    ['\uFEFFa\n\nbé', ['a', '', 'bé']],
    ['a\n', ['a']],
    ['\n', ['']],
  ])('%j', async (content, lines) => {
    const found = await read(content);
    expect(found.map(({ text }) => text)).toEqual(lines);
    expect(found.map(({ number }) => number)).toEqual(lines.map((_, i) => i + 1));
    expect(found.at(-1)?.ended ?? true).toBe(content === '' || content.endsWith('\n'));
  });

  test('lines across the chunks of a long file are whole', async () => {
    const lines = Array.from({ length: 4000 }, (_, i) => `${i}: ${'é'.repeat(i % 601)}`);
    expect((await read(lines.join('\n'))).map(({ text }) => text)).toEqual(lines);
  });

  test('the line with bytes that are no UTF-8 is told', async () => {
    const found = await read(Uint8Array.of(97, 10, 0xff, 10, 98, 10));
    expect(found.map(({ wellFormed }) => wellFormed)).toEqual([true, false, true]);
  });

  test('a file that is not there is named', async () => {
    await expect(readAll(join(folder, 'none'))).rejects.toMatchObject({
      code: 'PAL_FILE',
      details: { code: 'ENOENT' },
    });
  });
});
