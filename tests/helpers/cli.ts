import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';

import { executeCli } from '../../lib/cli/program.js';

/** How a command ended. */
export interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs `palabra` in this process, with other environment variables for the time it takes. */
export async function palabra(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const ended = { status: -1, stdout: '', stderr: '' };
  const output = { out: (text: string) => (ended.stdout += text), err: (text: string) => (ended.stderr += text) };
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    ended.status = await executeCli(args, output);
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
    Object.assign(process.env, before);
  }
  return ended;
}

/** The program as it is built, which starts in a fifth of the time that the sources take. */
export const builtPalabra = resolve('dist/cli/main.js');

/** Starts `palabra` as it is built in a process of its own. */
export function startPalabra(args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const options = { stdio: 'ignore', env: { ...process.env, NODE_OPTIONS: '', ...env } } as const;
  return spawn(process.execPath, [builtPalabra, ...args], options);
}
