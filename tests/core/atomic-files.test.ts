import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { writeDirectoryAtomic, writeFileAtomic } from '../../lib/core/index.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'palabra-atomic-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

async function* failing(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1000);
  await Promise.resolve();
  throw Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'write' });
}

describe('writeFileAtomic', () => {
  test('writes text, bytes and pieces, and replaces what was there', async () => {
    const path = join(directory, 'a.txt');
    expect(await writeFileAtomic(path, 'héllo')).toBe(6);
    expect(readFileSync(path, 'utf8')).toBe('héllo');
    expect(await writeFileAtomic(path, [Uint8Array.of(1, 2), Uint8Array.of(3)])).toBe(3);
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    expect(await writeFileAtomic(path, new Uint8Array())).toBe(0);
    expect(readdirSync(directory)).toEqual(['a.txt']);
  });

  test('keeps the old file and leaves nothing behind when the disk fills up', async () => {
    const path = join(directory, 'a.txt');
    await writeFileAtomic(path, 'old');
    await expect(writeFileAtomic(path, failing())).rejects.toMatchObject({
      code: 'PAL_FILE',
      details: { path, code: 'ENOSPC', bytes: 1000 },
      message: `[PAL_FILE] writeFileAtomic: expected ${path} to be accessible, received ENOSPC after 1000 B. The disk is full: free some space or choose another directory.`,
    });
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(directory)).toEqual(['a.txt']);
  });

  test('names a missing directory', async () => {
    const path = join(directory, 'missing', 'a.txt');
    await expect(writeFileAtomic(path, 'x')).rejects.toMatchObject({ details: { code: 'ENOENT' } });
  });

  test('a writer that fails for its own reasons keeps its error', async () => {
    const own = new RangeError('mine');
    const content = (function* (): Generator<Uint8Array> {
      yield Uint8Array.of(1);
      throw own;
    })();
    await expect(writeFileAtomic(join(directory, 'a'), content)).rejects.toBe(own);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('writers at the same time leave one complete content', async () => {
    const path = join(directory, 'a.txt');
    const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(50_000));
    await Promise.all(contents.map((content) => writeFileAtomic(path, content)));
    expect(contents).toContain(readFileSync(path, 'utf8'));
    expect(readdirSync(directory)).toEqual(['a.txt']);
  });
});

describe('writeDirectoryAtomic', () => {
  const fill = (text: string) => (temporary: string) => {
    mkdirSync(join(temporary, 'inner'));
    writeFileSync(join(temporary, 'inner', 'b.txt'), text);
  };

  test('appears complete', async () => {
    const path = join(directory, 'model');
    await writeDirectoryAtomic(path, (temporary) => {
      expect(existsSync(path)).toBe(false);
      fill('one')(temporary);
    });
    expect(readFileSync(join(path, 'inner', 'b.txt'), 'utf8')).toBe('one');
    expect(readdirSync(directory)).toEqual(['model']);
  });

  test('refuses to replace unless told to', async () => {
    const path = join(directory, 'model');
    await writeDirectoryAtomic(path, fill('one'));
    await expect(writeDirectoryAtomic(path, fill('two'))).rejects.toMatchObject({ details: { code: 'EEXIST' } });
    await writeDirectoryAtomic(path, fill('two'), { replace: true });
    expect(readFileSync(join(path, 'inner', 'b.txt'), 'utf8')).toBe('two');
    expect(readdirSync(directory)).toEqual(['model']);
  });

  test('a failing writer changes nothing and keeps its error', async () => {
    const path = join(directory, 'model');
    await writeDirectoryAtomic(path, fill('one'));
    const own = new Error('mine');
    const failingFill = (temporary: string): void => {
      fill('two')(temporary);
      throw own;
    };
    await expect(writeDirectoryAtomic(path, failingFill, { replace: true })).rejects.toBe(own);
    expect(readFileSync(join(path, 'inner', 'b.txt'), 'utf8')).toBe('one');
    expect(readdirSync(directory)).toEqual(['model']);
  });

  test('names a parent that is missing or may not be written', async () => {
    const path = join(directory, 'missing', 'model');
    await expect(writeDirectoryAtomic(path, fill('x'))).rejects.toMatchObject({ details: { code: 'ENOENT' } });
    if (process.getuid?.() === 0) return;
    chmodSync(directory, 0o555);
    await expect(writeDirectoryAtomic(join(directory, 'm'), fill('x'))).rejects.toMatchObject({
      details: { code: 'EACCES' },
    });
    chmodSync(directory, 0o755);
  });
});
