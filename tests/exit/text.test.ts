import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

const WORKERS = 100;
const EXITS = 30;
const child = fileURLToPath(new URL('text.child.mjs', import.meta.url));

const run = async (...args: string[]): Promise<string> => {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(process.execPath, [child, ...args], { env, timeout: 1_500_000 });
  return stdout;
};

describe('training and encoding off the JavaScript thread', () => {
  test(`${WORKERS} worker threads ended meanwhile leave the process alive and no thread behind`, async () => {
    expect(JSON.parse(await run('workers', String(WORKERS)))).toEqual({ threads: 0 });
  });

  test('a process whose native thread is ended within a word of 30 MB ends by itself', async () => {
    expect(await run('stop')).toBe('');
  });

  test(`${EXITS} processes that exit meanwhile end cleanly`, async () => {
    for (let i = 0; i < EXITS; i++) expect(await run('exit', String(40 + 4 * i))).toBe('');
  });
});
