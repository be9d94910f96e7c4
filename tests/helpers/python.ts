/** Runs Python with the peers' packages (torch, numpy, safetensors) beside the tests. */
import { spawnSync } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe } from '@jest/globals';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const modules = resolve(root, 'tests/helpers/python');

/** What a Python run printed: all of stdout, and its last line where that is JSON. */
export interface PythonResult {
  stdout: string;
  json: unknown;
}

/** What a Python run is given: JSON on stdin, words as arguments, variables over the environment. */
export interface PythonOptions {
  input?: unknown;
  args?: string[];
  env?: Record<string, string>;
  timeoutMs?: number;
}

let interpreter: string | undefined;

/** Why Python cannot be used here, or undefined: the reason that a skipped test shows. */
export function noPeersReason(): string | undefined {
  if (process.env.PALABRA_NO_PEERS === '1') return 'PALABRA_NO_PEERS=1';
  const found = ['python3', 'python'].some((name) => spawnSync(name, ['--version']).status === 0);
  return found ? undefined : 'no Python on this machine';
}

/**
 * The path of the peers' python; the first call on a machine creates its environment (minutes).
 *
 * @throws when the environment cannot be created
 */
export function peersPython(): string {
  if (interpreter) return interpreter;
  const script = resolve(root, 'scripts/build/peers.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The peers' Python environment could not be created.\n${stderr}`);
  interpreter = stdout.trim();
  return interpreter;
}

/** The last line as JSON, or undefined where it is none. */
function lastJson(stdout: string): unknown {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Runs a Python script (a path from the project's root that ends in `.py`) or a piece of source.
 * The modules of tests/helpers/python can be imported.
 *
 * @throws when Python ends with an error, with what it wrote to stderr
 */
export function python(scriptOrSource: string, options: PythonOptions = {}): PythonResult {
  const isPath = /^[^\n]+\.py$/.test(scriptOrSource);
  const script = isPath ? [resolve(root, scriptOrSource)] : ['-c', scriptOrSource];
  const { status, stdout, stderr, error, signal } = spawnSync(peersPython(), [...script, ...(options.args ?? [])], {
    cwd: root,
    encoding: 'utf8',
    input: options.input === undefined ? '' : JSON.stringify(options.input),
    env: { ...process.env, PYTHONPATH: modules, PYTHONDONTWRITEBYTECODE: '1', ...options.env },
    timeout: options.timeoutMs ?? 1_500_000,
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`Python ended with ${signal ?? `status ${status}`}.\n${stdout}\n${stderr}`);
  return { stdout, json: lastJson(stdout) };
}

/** `describe` for tests that need Python: skipped, with the reason in its name, where there is none. */
export function describeWithPython(name: string, body: () => void): void {
  const reason = noPeersReason();
  if (reason) {
    describe.skip(`${name} (skipped: ${reason})`, body);
    return;
  }
  describe(name, () => {
    beforeAll(() => {
      peersPython();
    });
    body();
  });
}
