/**
 * Set up before each file of the unit tests: there nothing starts a process, so that a round of them stays short. What
 * has to belongs into a file of its own, `*.integration.test.ts`.
 */
import childProcess from 'node:child_process';
import { afterAll, expect } from '@jest/globals';

const starters = ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'] as const;
const originals = starters.map((name) => [name, childProcess[name]] as const);

/** Takes the place of a function that starts a process. */
function refuse(name: string): never {
  const { testPath } = expect.getState();
  const fix = `Name the file ${testPath?.replace(/\.test\.ts$/, '.integration.test.ts')}.`;
  throw new Error(`${testPath}: expected a unit test to start no process, received a call of ${name}. ${fix}`);
}

for (const name of starters) Object.assign(childProcess, { [name]: () => refuse(name) });

afterAll(() => {
  Object.assign(childProcess, Object.fromEntries(originals));
});
