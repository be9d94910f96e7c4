import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const CHILD = fileURLToPath(new URL('threads.child.mjs', import.meta.url));
const TEAM = 4;

/** What the child counted with more variables of the environment. */
function counted(variables: NodeJS.ProcessEnv): Record<'before' | 'here' | 'replayed' | 'both', number> & {
  inherited: string;
} {
  const { GOMP_SPINCOUNT: _, ...env } = process.env;
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
