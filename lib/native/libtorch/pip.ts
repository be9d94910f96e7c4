import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { createError, raise } from '../../core/errors/index.js';
import type { PalabraError } from '../../core/errors/index.js';

const NEWEST_GLIBC = 28;
const OLDEST_GLIBC = 17;

/** pip compares these names letter by letter, so every version of glibc that a wheel may ask for is listed. */
const PLATFORMS = Array.from({ length: NEWEST_GLIBC - OLDEST_GLIBC + 1 }, (_, index) => NEWEST_GLIBC - index)
  .map((minor) => `manylinux_2_${minor}_x86_64`)
  .concat('manylinux2014_x86_64', 'linux_x86_64');

/** Wheels for CPython 3.12 on glibc 2.28: the libraries inside do not depend on the Python that fetches them. */
const TARGET = ['--only-binary=:all:', '--python-version', '3.12', '--implementation', 'cp'].concat(
  PLATFORMS.flatMap((name) => ['--platform', name]),
);

/** Options of {@link downloadWithPip}. */
export interface PipOptions {
  /** Another package index than pip's own setting. */
  indexUrl?: string | undefined;
  /** Fetch what the packages need as well. */
  dependencies?: boolean;
}

/**
 * Downloads wheels with Python's pip; those that are in `folder` already stay.
 *
 * @param requirements - e.g. `torch==2.13.0`
 * @returns nothing; the wheels lie in `folder` under their own names
 * @throws PalabraError PAL_INSTALL when there is no pip or it fails
 */
export async function downloadWithPip(requirements: string[], folder: string, options: PipOptions = {}): Promise<void> {
  const python = findPython();
  const incoming = join(folder, 'incoming');
  mkdirSync(incoming, { recursive: true });
  const index = options.indexUrl === undefined ? [] : ['--index-url', options.indexUrl];
  const scope = options.dependencies ? [] : ['--no-deps'];
  const show = process.stderr.isTTY ? [] : ['--quiet', '--progress-bar', 'off'];
  const args = ['-m', 'pip', '--disable-pip-version-check', 'download', ...show, ...scope, ...index, ...TARGET];
  await runPip(python, [...args, '--dest', incoming, ...requirements]);
  // pip copies into its folder piece by piece, so a wheel counts as fetched only when it has moved on.
  for (const name of readdirSync(incoming)) renameSync(join(incoming, name), join(folder, name));
  rmSync(incoming, { recursive: true });
}

function findPython(): string {
  const candidates = [process.env.PALABRA_PYTHON, 'python3', 'python'].filter((name) => name !== undefined);
  const python = candidates.find((name) => spawnSync(name, ['-m', 'pip', '--version'], { stdio: 'ignore', env: process.env }).status === 0);
  return python ?? throwNoPip(candidates);
}

function runPip(python: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    // stdout is kept for the program's own output.
    const child = spawn(python, args, { stdio: ['ignore', 2, 'pipe'], env: process.env });
    let errors = '';
    child.stderr?.on('data', (text: Buffer) => (errors += text.toString()));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve();
      else reject(createPipError(args, status, errors));
    });
  });
}

function createPipError(args: string[], status: number | null, errors: string): PalabraError {
  const lines = errors.split('\n').filter((line) => line.startsWith('ERROR:'));
  return createError('PAL_INSTALL', {
    where: 'libtorch install',
    expected: `pip to fetch ${args.slice(args.indexOf('--dest') + 2).join(' ')}`,
    received: `exit status ${status}${lines.length > 0 ? `: ${lines.join(' ')}` : ''}`,
    fix: 'Check the network and the settings of pip (`pip config list`), or pass a wheel with --from.',
    details: { status, errors },
  });
}

function throwNoPip(candidates: string[]): never {
  raise('PAL_INSTALL', {
    where: 'libtorch install',
    expected: 'a Python 3 with pip, which fetches libtorch',
    received: `none under ${candidates.join(', ')}`,
    fix: [
      'What to do:',
      '  - `npm install @palabra/libtorch-linux-x64`, which needs no Python,',
      '  - or install pip (Debian and Ubuntu: `apt-get install python3-pip`; else `python3 -m ensurepip`),',
      '  - or fetch the torch wheel on another machine and pass it with --from.',
    ].join('\n'),
  });
}
