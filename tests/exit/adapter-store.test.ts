import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { AdapterStore } from '../../lib/adapters/index.js';
import { Random } from '../../lib/core/index.js';

const KILLS = Number(process.env.PALABRA_KILLS ?? 200);
/** Stores side by side, so that a process starts while another is killed. */
const LANES = 4;
/** The opening and the ten changes that follow are some two hundred and eighty operations on files. */
const OPERATIONS = 280;
const TURNS = 4;

const CHILD = fileURLToPath(new URL('adapter-store.child.mjs', import.meta.url));

/** What the process said last before it was killed. */
interface Said {
  kind: string;
  current: string;
  previous: string;
  newest: string;
}

/** Changes a store until it is killed; undefined when it was killed before it had opened the store. */
function changeUntilKilled(folder: string, seed: number, operation: number, turns: number): Promise<Said | undefined> {
  return new Promise((resolve, reject) => {
    const args = [CHILD, folder, ...[seed, operation, turns].map(String)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    child.on('close', (code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the child ended with ${code}, ${signal}`));
      const line = printed.split('\n').slice(0, -1).at(-1);
      const [kind, current, previous, newest] = (line ?? '').split(' ') as [string, string, string, string];
      resolve(line === undefined ? undefined : { kind, current, previous, newest });
    });
  });
}

/** Kills the changes of one store again and again; tells how often a kill left something half done. */
async function runLane(folder: string, kills: number, random: Random): Promise<number> {
  let [interrupted, reached] = [0, 'none'];
  for (let kill = 0; kill < kills; kill++) {
    const operation = 1 + random.integer(OPERATIONS);
    const said = await changeUntilKilled(folder, kill * 10 + random.integer(10), operation, random.integer(TURNS));
    reached = said?.current ?? reached;
    await using store = await AdapterStore.open(folder, { write: true, keepLast: 2 });
    expect(store.warnings).toEqual([]);
    const checks = await store.validate();
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    // A change that was not told of may have been made.
    const current = store.current?.id ?? 'none';
    if (current !== reached) interrupted++;
    if (reached !== 'none') {
      expect(current).not.toBe('none');
      if (current !== reached) expect(store.previous?.id).toBe(reached);
    }
    if (store.pending !== undefined) interrupted++;
    if (said?.kind === 'promote' || said?.kind === 'reject')
      expect(store.list().map(({ id }) => id)).toContain(said.newest);
    expect(store.list().filter(({ folder: path }) => !existsSync(path))).toEqual([]);
    reached = current;
  }
  return interrupted;
}

test(`${KILLS} kills while a store changes: a whole current version always, nothing lost that was returned`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'palabra-kill-'));
  const random = new Random(Date.now());
  const lanes = Array.from({ length: LANES }, (_, index) =>
    runLane(join(folder, String(index), 'lora_adapters'), Math.ceil(KILLS / LANES), random.split(index)),
  );
  const interrupted = (await Promise.all(lanes)).reduce((sum, count) => sum + count, 0);
  rmSync(folder, { recursive: true });
  console.log(`${KILLS} kills, ${interrupted} between a change and its return or in a training: 0 damaged, 0 lost`);
  expect(interrupted).toBeGreaterThan(KILLS / 10);
});
