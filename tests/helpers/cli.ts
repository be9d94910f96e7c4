import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';

const main = ['--import', 'tsx', resolve('lib/cli/main.ts')];

/** How a command ended. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `palabra` from the sources to its end. */
export function palabra(args: string[], env: NodeJS.ProcessEnv = {}): Ended {
  const options = { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...main, ...args], options);
  return { status, stdout, stderr };
}

/** Starts `palabra` from the sources. */
export function startPalabra(args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [...main, ...args], {
    stdio: 'ignore',
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
}
