import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

const STEPS = 10_000;
const TENSORS = 2_000;
const MEGABYTE = 2 ** 20;

/**
 * V8 keeps its own heap compact, its nursery small, and compiles on one thread, so that resident memory tells of ours:
 * its compiling threads leave up to 2 % in malloc arenas of their own while code warms up, more when the machine is
 * busy. Threads of palabra, libtorch and Node's pool run as ever.
 */
const V8_FLAGS = ['--expose-gc', '--compact-on-every-full-gc', '--max-semi-space-size=1', '--single-threaded'];

/** Runs a script in a process of its own and reads the JSON it prints. */
async function figuresOf(script: string, count: number): Promise<Record<string, number>> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(process.execPath, [...V8_FLAGS, path, String(count)], { env });
  return JSON.parse(stdout) as Record<string, number>;
}

describe('memory', () => {
  test(`stays flat over ${STEPS} training steps`, async () => {
    const { tenth = NaN, end = NaN } = await figuresOf('training.child.mjs', STEPS);
    const growth = end / tenth - 1;
    console.log(`${STEPS} steps: RSS grows by ${(growth * 100).toFixed(2)} % after the first tenth; mark 1 %`);
    expect(growth).toBeLessThan(0.01);
  });

  test(`stays low over ${TENSORS} tensors of 1 MB in scopes`, async () => {
    const { over } = (await figuresOf('scopes.child.mjs', TENSORS)) as { over: number };
    console.log(`${TENSORS} × 1 MB in scopes: peak ${(over / MEGABYTE).toFixed(1)} MB over the start`);
    expect(over).toBeLessThan(64 * MEGABYTE);
  });
});
