import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const CHILD = fileURLToPath(new URL('full-disk.child.mjs', import.meta.url));

interface Report {
  code: string;
  message: string;
  details: { path: string; code: string; bytes: number };
  saved: number;
  readable: number;
}

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'palabra-disk-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the child by a line of shell that stands before it. */
async function reportOf(before: string, how: string): Promise<Report> {
  const line = `${before} exec "$0" "$1" "$2/run" "$3"`;
  const wrapped = before.startsWith('mount') ? ['-rm', 'sh'] : [];
  const args = [...wrapped, '-c', line, process.execPath, CHILD, folder, how];
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(wrapped.length > 0 ? 'unshare' : 'sh', args, { env });
  return JSON.parse(stdout) as Report;
}

function expectRefusal(report: Report, code: string): void {
  expect(report).toMatchObject({ code: 'PAL_FILE', details: { code, path: expect.stringContaining('/run/') } });
  expect(report.message).toContain(report.details.path);
  expect(report.readable).toBe(report.saved);
}

const mountable = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;
const withMounts = mountable ? describe : describe.skip;

withMounts(`disks${mountable ? '' : ' (skipped: this machine lets nobody mount one)'}`, () => {
  const mount = 'mount -t tmpfs -o size=8m tmpfs "$2" &&';

  test('a full disk: the error names path and bytes, the checkpoint before is whole', async () => {
    const report = await reportOf(mount, 'full');
    expectRefusal(report, 'ENOSPC');
    expect(report.details.bytes).toBeGreaterThan(10_000);
    expect(report.message).toMatch(/about \d+\.\d KiB for the checkpoint .*step-00000003, received ENOSPC/);
    expect(report.saved).toBe(2);
  });

  test('a read-only disk', async () => {
    const report = await reportOf(mount, 'read-only');
    expectRefusal(report, 'EROFS');
    expect(report.saved).toBe(2);
  });
});

const limitable = spawnSync('prlimit', ['--version']).status === 0;
const testWithLimit = limitable ? test : test.skip;

testWithLimit(`a limit on the size of files${limitable ? '' : ' (skipped: no prlimit)'}`, async () => {
  const report = await reportOf('', 'limit');
  expectRefusal(report, 'EFBIG');
  expect(report.saved).toBe(2);
});
