import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project. */
export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** What a process printed last, as JSON, and how long it took from start to end. */
export interface Run {
  figures: Record<string, number>;
  seconds: number;
}

/**
 * Runs a command to its end, alone, and reads the JSON of its last line where there is some.
 *
 * @throws when it fails
 */
export function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  const start = performance.now();
  const running = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  let [out, error] = ['', ''];
  running.stdout.on('data', (data: Buffer) => (out += data.toString()));
  running.stderr.on('data', (data: Buffer) => (error = (error + data.toString()).slice(-2000)));
  return new Promise((done, fail) => {
    running.on('error', fail);
    running.on('close', (code, signal) => {
      const seconds = (performance.now() - start) / 1000;
      if (code === 0) done({ figures: lastJson(out), seconds });
      else fail(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}.\n${error}`));
    });
  });
}

function lastJson(out: string): Record<string, number> {
  const line = out.trimEnd().split('\n').at(-1) ?? '';
  return line.startsWith('{') ? (JSON.parse(line) as Record<string, number>) : {};
}

/** The words that run a TypeScript file of this project. */
export function typescript(file: string, ...args: string[]): [string, string[]] {
  return [process.execPath, ['--import', 'tsx', resolve(root, file), ...args]];
}

/** The python of the peers; undefined, with the reason printed, where there is none. */
export function peersPython(): string | undefined {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve(root, 'scripts/build/peers.mjs')], {
    encoding: 'utf8',
  });
  if (status === 0) return stdout.trim();
  console.error(`No peer to compare with: ${stderr.trim()}`);
  return undefined;
}

/** The middle value; of an even number, the upper one of the two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}
