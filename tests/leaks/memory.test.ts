import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

const STEPS = 10_000;
const TENSORS = 2_000;
const MEGABYTE = 2 ** 20;

/** Runs a script in a process of its own and reads the JSON it prints. */
async function figuresOf(script: string, count: number): Promise<Record<string, number>> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', path, String(count)], { env });
  return JSON.parse(stdout) as Record<string, number>;
}

describe('memory', () => {
  test(`stays flat over ${STEPS} training steps`, async () => {
    const { tenth, end } = (await figuresOf('training.child.mjs', STEPS)) as { tenth: number; end: number };
    const growth = end / tenth - 1;
    const megabytes = (end - tenth) / MEGABYTE;
    console.log(`${STEPS} steps: RSS grows ${(growth * 100).toFixed(2)} % (${megabytes.toFixed(1)} MB) after a tenth`);
    expect(growth).toBeLessThan(0.01);
  }, 600_000);

  test(`stays low over ${TENSORS} tensors of 1 MB in scopes`, async () => {
    const { over } = (await figuresOf('scopes.child.mjs', TENSORS)) as { over: number };
    console.log(`${TENSORS} × 1 MB in scopes: peak ${(over / MEGABYTE).toFixed(1)} MB over the start`);
    expect(over).toBeLessThan(64 * MEGABYTE);
  }, 120_000);
});
