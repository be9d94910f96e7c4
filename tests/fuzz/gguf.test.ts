import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { formatBytes } from '../../lib/core/index.js';
import type { GgufCampaign } from './gguf.child.js';

/** Damaged files; `PALABRA_FUZZ_GGUF=5000000` for a long run. */
const FILES = Number(process.env.PALABRA_FUZZ_GGUF ?? 100_000);
const LOADS = FILES / 50;
/** What only a hang takes, in milliseconds of processor time. */
const PATIENCE = 5000;
/** Garbage that was not collected yet, but no size that a file of 25 kB made up. */
const MOST_GROWTH = 400 * 2 ** 20;

test(`${FILES} damaged GGUF files: no signal, no hang, no memory beyond, PalabraErrors alone`, () => {
  const args = ['--import', 'tsx', 'tests/fuzz/gguf.child.ts', '11', String(FILES), String(LOADS)];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
  const { outcomes, failures, slowestMs, grownBytes } = JSON.parse(stdout) as GgufCampaign;
  console.log(
    `fuzz, GGUF: ${JSON.stringify(outcomes)}, slowest ${slowestMs.toFixed(0)} ms, ${formatBytes(grownBytes)} more`,
  );
  expect(failures).toEqual([]);
  expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(FILES);
  expect(outcomes.read).toBeGreaterThan(FILES / 100);
  expect(outcomes.read).toBeLessThan(FILES / 2);
  expect(outcomes.loaded).toBeGreaterThan(0);
  expect(slowestMs).toBeLessThan(PATIENCE);
  expect(grownBytes).toBeLessThan(MOST_GROWTH);
});
