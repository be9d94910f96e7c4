import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const CHILD = fileURLToPath(new URL('threads.child.mjs', import.meta.url));
const TEAM = 4;

/** What the child counted with more variables of the environment. */
function counted(variables: NodeJS.ProcessEnv): Record<'before' | 'here' | 'replayed' | 'both', number> & {
  inherited: string;
} {
  const { GOMP_SPINCOUNT: _, OMP_WAIT_POLICY: __, ...env } = process.env;
  const out = execFileSync(process.execPath, [CHILD], { encoding: 'utf8', env: { ...env, ...variables } });
  return JSON.parse(out) as ReturnType<typeof counted>;
}

test('while a program runs, the threads of operators on the JavaScript thread are gone', () => {
  const { before, here, replayed, both } = counted({});
  expect(here).toBe(before + TEAM - 1);
  expect(replayed).toBe(before + TEAM); // The compute thread and its team.
  expect(both).toBe(replayed + TEAM - 1);
});

test('the environment of child processes stays as it was', () => {
  expect(counted({}).inherited).toBe('');
  expect(counted({ GOMP_SPINCOUNT: '7' }).inherited).toBe('GOMP_SPINCOUNT=7');
});

/** One processor has no team whose threads wait for each other. */
const withTeam = availableParallelism() > 1 ? test : test.skip;

withTeam('beside busy processes an idle team lets the threads of programs sleep early', () => {
  const child = fileURLToPath(new URL('crowded.child.mjs', import.meta.url));
  const { GOMP_SPINCOUNT: _, OMP_WAIT_POLICY: __, ...env } = process.env;
  const out = execFileSync(process.execPath, [child], { encoding: 'utf8', env });
  expect(JSON.parse(out)).toEqual({ idle: 2 }); // A thread of its own, and one more.
});
