/**
 * Set up before each file of the unit tests: there nothing starts a process, so that a round of them stays short. What
 * has to belongs into a file of its own, `*.integration.test.ts`.
 */
import { createRequire } from 'node:module';
import { afterAll, expect } from '@jest/globals';

// An import would keep the functions as they are for all files that import them by name.
const childProcess = createRequire(import.meta.url)('node:child_process') as Record<string, unknown>;
const starters = ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'];
const originals = Object.fromEntries(starters.map((name) => [name, childProcess[name]]));

/** Takes the place of a function that starts a process. */
function refuse(name: string): never {
  const { testPath } = expect.getState();
  const fix = `Name the file ${testPath?.replace(/\.test\.ts$/, '.integration.test.ts')}.`;
  throw new Error(`${testPath}: expected a unit test to start no process, received a call of ${name}. ${fix}`);
}

for (const name of starters) childProcess[name] = () => refuse(name);

afterAll(() => {
  Object.assign(childProcess, originals);
});
