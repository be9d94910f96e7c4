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

/** By how much a training's resident memory grows after its first tenth, relative. */
async function trainingGrowth(): Promise<number> {
  const { tenth = NaN, end = NaN } = await figuresOf('training.child.mjs', STEPS);
  return end / tenth - 1;
}

describe('memory', () => {
  test(`stays flat over ${STEPS} training steps`, async () => {
    const growths: number[] = [];
    // A leak is there in every run, what the C library keeps for its threads only in some.
    while (growths.length < 3 && !growths.some((growth) => growth < 0.01)) growths.push(await trainingGrowth());
    const text = growths.map((growth) => `${(growth * 100).toFixed(2)} %`).join(', ');
    console.log(`${STEPS} steps: RSS grows by ${text} after the first tenth; mark 1 %`);
    expect(Math.min(...growths)).toBeLessThan(0.01);
  }, 900_000);

  test(`stays low over ${TENSORS} tensors of 1 MB in scopes`, async () => {
    const { over } = (await figuresOf('scopes.child.mjs', TENSORS)) as { over: number };
    console.log(`${TENSORS} × 1 MB in scopes: peak ${(over / MEGABYTE).toFixed(1)} MB over the start`);
    expect(over).toBeLessThan(64 * MEGABYTE);
  }, 120_000);
});
