import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';

const directory = mkdtempSync(join(tmpdir(), 'palabra-lock-'));
const path = join(directory, 'run.lock');

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('of many processes that find a stale lock exactly one gets it', () => {
  // The owner is a process that has ended.
  const pid = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
  writeFileSync(path, JSON.stringify({ pid, host: hostname(), processStart: 0, token: 't' }));
  const script = `
    import { readdirSync, writeFileSync } from 'node:fs';
    import { acquireLock } from ${JSON.stringify(join(process.cwd(), 'dist/core/index.js'))};
    let outcome = 'got';
    try { acquireLock(${JSON.stringify(path)}); } catch (error) { outcome = error.code; }
    console.log(outcome);
    writeFileSync(${JSON.stringify(join(directory, 'tried-'))} + process.pid, '');
    // The owner lives on until all have tried.
    while (readdirSync(${JSON.stringify(directory)}).filter((name) => name.startsWith('tried-')).length < 4) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  `;
  writeFileSync(join(directory, 'try.mjs'), script);
  const one = `${process.execPath} ${join(directory, 'try.mjs')}`;
  const { stdout } = spawnSync('sh', ['-c', `${Array.from({ length: 4 }, () => `${one} &`).join(' ')} wait`], {
    encoding: 'utf8',
    cwd: process.cwd(),
  });
  expect(stdout.trim().split('\n').sort()).toEqual(['PAL_LOCKED', 'PAL_LOCKED', 'PAL_LOCKED', 'got']);
});
