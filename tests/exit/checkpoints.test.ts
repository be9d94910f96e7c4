import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { Random } from '../../lib/core/index.js';
import { CheckpointStore } from '../../lib/training/checkpoint/checkpoint-store.js';

const KILLS = Number(process.env.PALABRA_KILLS ?? 200);
/** Runs side by side, so that one starts while another is killed. */
const LANES = 4;
/** A save takes a few milliseconds, and the next follows at once. */
const MAX_DELAY_MS = 25;

const CHILD = fileURLToPath(new URL('checkpoints.child.mjs', import.meta.url));

/** Trains until some time after the first step, then dies; returns the first and last step that it printed whole. */
function killed(runDirectory: string, delayMs: number): Promise<{ first: number; last: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, runDirectory], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.on('data', (text: Buffer) => {
      if (printed === '') setTimeout(() => child.kill('SIGKILL'), delayMs);
      printed += text.toString();
    });
    child.on('close', (code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the child ended with ${code}, ${signal}`));
      const lines = printed.split('\n').slice(0, -1).map(Number);
      resolve({ first: lines[0]!, last: lines.at(-1)! });
    });
  });
}

/** Kills one run again and again; each life goes on where the one before was. */
async function lane(
  runDirectory: string,
  kills: number,
  random: Random,
): Promise<{ interrupted: number; lost: number }> {
  const checkpoints = join(runDirectory, 'checkpoints');
  const store = new CheckpointStore(checkpoints, { last: 2, best: 1 });
  let [interrupted, lost, reached] = [0, 0, 0];
  for (let kill = 0; kill < kills; kill++) {
    const { first, last } = await killed(runDirectory, random.float() * MAX_DELAY_MS);
    expect(first).toBe(reached + 1);
    const damaged: string[] = [];
    const newest = await store.newest((path) => damaged.push(path));
    expect(damaged).toEqual([]);
    reached = newest!.manifest.step;
    // The last step may be on the disk without having been printed.
    expect([last, last + 1]).toContain(reached);
    if (readdirSync(checkpoints).some((name) => name.startsWith('.'))) interrupted++;
    if (reached < last) lost++;
  }
  return { interrupted, lost };
}

test(`${KILLS} kills while saving: every checkpoint is whole, none that was acknowledged is lost`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'palabra-kill-'));
  const random = new Random(Date.now());
  const lanes = Array.from({ length: LANES }, (_, index) =>
    lane(join(folder, String(index)), Math.ceil(KILLS / LANES), random.split(index)),
  );
  const results = await Promise.all(lanes);
  rmSync(folder, { recursive: true });
  const interrupted = results.reduce((sum, result) => sum + result.interrupted, 0);
  const lost = results.reduce((sum, result) => sum + result.lost, 0);
  console.log(`${KILLS} kills, ${interrupted} of them inside a save or removal: 0 unreadable, ${lost} lost`);
  expect(interrupted).toBeGreaterThan(KILLS / 10);
});
