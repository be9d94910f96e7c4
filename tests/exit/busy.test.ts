import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const CHILD = fileURLToPath(new URL('busy.child.mjs', import.meta.url));
const ROUNDS = 3000;

test.each(['read', 'update'])('%s of a running weight is refused, and the process lives', (what) => {
  const env = { ...process.env, NODE_OPTIONS: '', OMP_NUM_THREADS: '1' };
  const out = execFileSync(process.execPath, [CHILD, what, String(ROUNDS)], { encoding: 'utf8', env });
  expect(JSON.parse(out)).toEqual({ refused: 10 * ROUNDS, done: ROUNDS });
});
