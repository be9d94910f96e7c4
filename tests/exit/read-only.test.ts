import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const CHILD = fileURLToPath(new URL('read-only.child.mjs', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const RECORDS = fileURLToPath(new URL('../fixtures/logic/development.jsonl', import.meta.url));

let disk = '';

beforeAll(() => {
  disk = mkdtempSync(join(tmpdir(), 'palabra-read-only-'));
});

afterAll(() => {
  rmSync(disk, { recursive: true, force: true });
});

/** Runs Node with a disk that can only be read at `disk`; what it printed. */
async function runBeside(args: readonly string[]): Promise<{ stdout: string; stderr: string; code: number }> {
  const line = 'mount -t tmpfs -o ro tmpfs "$0" && exec "$@"';
  const env = { ...process.env, NODE_OPTIONS: '' };
  const all = ['-rm', 'sh', '-c', line, disk, process.execPath, ...args];
  return await promisify(execFile)('unshare', all, { env }).then(
    (printed) => ({ ...printed, code: 0 }),
    (error: unknown) => error as { stdout: string; stderr: string; code: number },
  );
}

const mountable = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;
const withMounts = mountable ? describe : describe.skip;

withMounts(`a read-only disk${mountable ? '' : ' (skipped: this machine lets nobody mount one)'}`, () => {
  test('every writer names it as the cause, where folders are missing on it too', async () => {
    const { stdout } = await runBeside([CHILD, disk]);
    const told = Object.entries(JSON.parse(stdout) as Record<string, string>);
    expect(told.length).toBeGreaterThan(10);
    expect(told.filter(([, what]) => what !== 'PAL_FILE EROFS')).toEqual([]);
  });

  test.each([
    ['analyze', '--html', 'missing/page.html', RECORDS, '--source', 'lines'],
    ['tokenizer', 'train', '--out', 'missing/t', '--tokenizer', 'char', RECORDS, '--source', 'lines'],
    ['logic', 'data', '--out', 'missing/data', '--count', '20'],
    ['logic', 'split', RECORDS, '--out', 'missing/split'],
    ['logic', 'clean', RECORDS, '--out', 'missing/clean.jsonl'],
    ['logic', 'detective', 'data', '--out', 'missing/data', '--count', '20'],
  ])('palabra %s %s %s names it as the cause', async (...args) => {
    const { stderr, code } = await runBeside([
      MAIN,
      ...args.map((word) => (word.startsWith('missing') ? join(disk, word) : word)),
    ]);
    expect(stderr).toMatch(/^\[PAL_FILE\].* received EROFS/m);
    expect(code).toBe(1);
  });
});
