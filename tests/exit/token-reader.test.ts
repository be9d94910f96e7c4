import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const WORKERS = 100;
const EXITS = 30;
const child = fileURLToPath(new URL('token-reader.child.mjs', import.meta.url));
let directory: string;
let file: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'palabra-exit-'));
  file = join(directory, 'tokens');
  writeFileSync(file, new Uint8Array(2_000_000));
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const run = async (...args: string[]): Promise<string> => {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(process.execPath, [child, file, ...args], { env, timeout: 1_500_000 });
  return stdout;
};

describe('reading token files ahead', () => {
  test(`${WORKERS} worker threads ended while batches are read leave the process alive and no thread behind`, async () => {
    expect(JSON.parse(await run('workers', String(WORKERS)))).toEqual({ threads: 0 });
  });

  test(`${EXITS} processes that exit while batches are read end cleanly`, async () => {
    for (let i = 0; i < EXITS; i++) expect(await run('exit')).toBe('');
  });
});
