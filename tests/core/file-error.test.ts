import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, tmpdir } from 'node:os';
import { afterAll, expect, test } from '@jest/globals';
import { accessFile, hashFile, listOwnFiles, throwFileError } from '../../lib/core/index.js';

const folder = mkdtempSync(join(tmpdir(), 'palabra-file-error-'));
writeFileSync(join(folder, 'file'), 'a');
symlinkSync('loop', join(folder, 'loop'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each(Object.keys(constants.errno))('%s comes with what to do, or with the words of the system', (code) => {
  const errno = -constants.errno[code as keyof typeof constants.errno];
  const cause = Object.assign(new Error(code), { code, errno, syscall: 'open' });
  expect(() => throwFileError('loadModel', '/a/b', cause)).toThrow(
    expect.objectContaining({
      code: 'PAL_FILE',
      details: { path: '/a/b', code },
      message: expect.stringMatching(
        new RegExp(
          `^\\[PAL_FILE\\] loadModel: expected /a/b to be accessible, received ${code}(\\. \\w.*| \\(.*\\)\\.)$`,
        ),
      ),
    }),
  );
});

test.each([
  ['a folder', '', 'EISDIR'],
  ['a file in place of a folder', 'file/a', 'ENOTDIR'],
  ['nothing', 'none', 'ENOENT'],
  ['a link to itself', 'loop', 'ELOOP'],
  ['too long a name', 'x'.repeat(300), 'ENAMETOOLONG'],
  ['a null byte', 'a\0b', 'ERR_INVALID_ARG_VALUE'],
])('reading %s is refused as what it is', async (_, name, code) => {
  const path = name === '' ? folder : join(folder, name);
  const refusal = { code: 'PAL_FILE', details: { path, code } };
  expect(() => accessFile('loadModel', path, () => readFileSync(path))).toThrow(expect.objectContaining(refusal));
  await expect(readFile(path).catch((cause: unknown) => throwFileError('a', path, cause))).rejects.toMatchObject(
    refusal,
  );
  if (!name.includes('\0')) await expect(hashFile(path)).rejects.toMatchObject(refusal);
});

test('a file whose reading fails halfway', async () => {
  // The memory of a process opens, and can't be read at its start.
  await expect(hashFile('/proc/self/mem')).rejects.toMatchObject({ code: 'PAL_FILE', details: { code: 'EIO' } });
  await expect(listOwnFiles(join(folder, 'file'))).rejects.toMatchObject({
    code: 'PAL_FILE',
    details: { code: 'ENOTDIR' },
  });
});

test('what is no error of the system stays as it is', () => {
  const cause = new TypeError('a mistake');
  expect(() => throwFileError('a', '/b', cause)).toThrow(cause);
});
