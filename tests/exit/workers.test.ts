import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

const COUNT = Number(process.env.PALABRA_WORKERS ?? 200);
const TIME_MS = 7500 * Math.max(COUNT, 200);
const child = fileURLToPath(new URL('workers.child.mjs', import.meta.url));

describe('worker threads', () => {
  test(`${COUNT} ended in the middle of a step leave the process alive and no tensor behind`, async () => {
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout } = await promisify(execFile)(process.execPath, [child, String(COUNT)], { env, timeout: TIME_MS });
    const { before, after, value } = JSON.parse(stdout) as { before: number; after: number; value: number };
    console.log(`${COUNT} workers ended: ${after - before} slots left`);
    expect(after).toBe(before);
    expect(value).toBe(2);
  });
});
