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
/** A save and the removal that follows are some twenty operations on files. */
const OPERATIONS = 40;
const TURNS = 4;
/** One kill in so many comes at any time at all, the others while an operation of a save or removal is under way. */
const FREE = 4;
const MAX_DELAY_MS = 25;

const CHILD = fileURLToPath(new URL('checkpoints.child.mjs', import.meta.url));

/** Where a kill goes: to an operation on files, or to a moment after the first step. */
type Aim = { operation: number; turns: number } | { delayMs: number };

/** Trains until it is killed; returns the first and last step that it printed whole. */
function killed(runDirectory: string, aim: Aim): Promise<{ first: number; last: number }> {
  return new Promise((resolve, reject) => {
    const target = 'operation' in aim ? [String(aim.operation), String(aim.turns)] : [];
    const child = spawn(process.execPath, [CHILD, runDirectory, ...target], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.on('data', (text: Buffer) => {
      if (printed === '' && 'delayMs' in aim) setTimeout(() => child.kill('SIGKILL'), aim.delayMs);
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
): Promise<{ aimed: number; interrupted: number; lost: number }> {
  const checkpoints = join(runDirectory, 'checkpoints');
  const store = new CheckpointStore(checkpoints, { last: 2, best: 1 });
  let [aimed, interrupted, lost, reached] = [0, 0, 0, 0];
  for (let kill = 0; kill < kills; kill++) {
    const atAnyTime = random.integer(FREE) === 0;
    const operation = { operation: 1 + random.integer(OPERATIONS), turns: random.integer(TURNS) };
    const aim = atAnyTime ? { delayMs: random.float() * MAX_DELAY_MS } : operation;
    const { first, last } = await killed(runDirectory, aim);
    if (!atAnyTime) aimed++;
    expect(first).toBe(reached + 1);
    const damaged: string[] = [];
    const newest = await store.newest((path) => damaged.push(path));
    expect(damaged).toEqual([]);
    reached = newest!.manifest.step;
    // The last step may be on the disk without having been printed.
    expect([last, last + 1]).toContain(reached);
    if (!atAnyTime && readdirSync(checkpoints).some((name) => name.startsWith('.'))) interrupted++;
    if (reached < last) lost++;
  }
  return { aimed, interrupted, lost };
}

test(`${KILLS} kills while saving: every checkpoint is whole, none that was acknowledged is lost`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'palabra-kill-'));
  const random = new Random(Date.now());
  const lanes = Array.from({ length: LANES }, (_, index) =>
    lane(join(folder, String(index)), Math.ceil(KILLS / LANES), random.split(index)),
  );
  const results = await Promise.all(lanes);
  rmSync(folder, { recursive: true });
  const total = (name: 'aimed' | 'interrupted' | 'lost') => results.reduce((sum, result) => sum + result[name], 0);
  const [aimed, interrupted, lost] = [total('aimed'), total('interrupted'), total('lost')];
  const left = `${interrupted} of ${aimed} aimed ones inside a save or removal`;
  console.log(`${KILLS} kills, ${left}: 0 unreadable, ${lost} lost`);
  // Some reach the operation that ends a save or removal, when it is done.
  expect(interrupted).toBeGreaterThan(aimed / 2);
});
