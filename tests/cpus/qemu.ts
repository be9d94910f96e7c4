/** Node under emulated processors: qemu-user runs the machine's own programs on the instruction sets of another. */
import { spawn, spawnSync } from 'node:child_process';
import { describe } from '@jest/globals';

const QEMU = 'qemu-x86_64';

/** How a process ended. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs Node with these arguments, on an emulated processor where `model` names one: there JavaScript is interpreted,
 * since an emulator would translate what V8 compiles once more, in twice the time.
 */
export function runNode(args: readonly string[], model?: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const [program, ...before] =
    model === undefined ? [process.execPath] : [QEMU, '-cpu', model, process.execPath, '--jitless'];
  const child = spawn(program, [...before, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', OMP_NUM_THREADS: '1', ...env },
  });
  const ended: Ended = { status: null, stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (ended.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (ended.stderr += data.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ ...ended, status }));
  });
}

/** `describe` where qemu-user is installed; elsewhere the tests are skipped, with a word on what is missing. */
export function describeWithQemu(name: string, tests: () => void): void {
  const { error } = spawnSync(QEMU, ['--version']);
  if (error === undefined) describe(name, tests);
  else describe.skip(`${name} (skipped: no ${QEMU}; Debian has it in the package qemu-user)`, tests);
}
