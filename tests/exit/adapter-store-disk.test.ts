import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

const CHILD = fileURLToPath(new URL('adapter-store-disk.child.mjs', import.meta.url));

/** Runs the child with a small disk of its own. */
async function runOnDisk(how: string): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'palabra-disk-'));
  const line = 'mount -t tmpfs -o size=4m tmpfs "$2" && exec "$0" "$1" "$2/store" "$3"';
  const args = ['-rm', 'sh', '-c', line, process.execPath, CHILD, folder, how];
  try {
    const { stdout } = await promisify(execFile)('unshare', args, { env: { ...process.env, NODE_OPTIONS: '' } });
    return JSON.parse(stdout) as Record<string, unknown>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const mountable = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;
const withMounts = mountable ? describe : describe.skip;

withMounts(`a store of adapters${mountable ? '' : ' (skipped: this machine lets nobody mount a disk)'}`, () => {
  test.each([
    ['full', 'ENOSPC'],
    ['read-only', 'EROFS'],
  ])('on a %s disk the version before stays, and the error names the path', async (how, code) => {
    const report = await runOnDisk(how);
    const details = { code, path: expect.stringContaining('/store/') };
    expect(report).toMatchObject({ code: 'PAL_FILE', details, current: report.promoted, warnings: [] });
    expect(report.checks).toEqual([{ id: report.promoted, ok: true, problems: [] }]);
  });
});
