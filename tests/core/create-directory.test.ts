import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { createDirectory } from '../../lib/core/index.js';

const folder = mkdtempSync(join(tmpdir(), 'palabra-directories-'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('makes what is missing, many at a time, and leaves what is there', async () => {
  const path = join(folder, 'a', 'b', 'c');
  await Promise.all([createDirectory(path), createDirectory(path), createDirectory(join(folder, 'a', 'd'))]);
  await createDirectory(path);
  expect(statSync(path).isDirectory()).toBe(true);
});

test('fails with the first cause of the system', async () => {
  writeFileSync(join(folder, 'file'), '');
  symlinkSync('loop', join(folder, 'loop'));
  mkdirSync(join(folder, 'there'));
  await expect(createDirectory(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(createDirectory(join(folder, 'file', 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  await expect(createDirectory(join(folder, 'loop', 'a'))).rejects.toMatchObject({ code: 'ELOOP' });
  await expect(createDirectory(join(folder, 'x'.repeat(300)))).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
  // Node's own way never ends here.
  await expect(createDirectory('/proc/none/a')).rejects.toMatchObject({ code: 'ENOENT' });
});
