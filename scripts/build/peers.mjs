/**
 * The Python that the parity tests and benchmarks compare with: `node scripts/build/peers.mjs`
 * creates its virtual environment once and prints the path of its python.
 *
 * Exit status 3 says that the machine has no Python 3 with the venv module; 1 that the creation failed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from './cache.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const requirements = resolve(here, '../bench/peers/requirements.txt');

/** The first Python 3 on PATH that can make virtual environments, with its version. */
function basePython() {
  const probe = 'import sys, venv, ensurepip; print(sys.version.split()[0])';
  for (const name of ['python3', 'python']) {
    const { status, stdout } = spawnSync(name, ['-c', probe], { encoding: 'utf8' });
    if (status === 0 && stdout.startsWith('3.')) return { name, version: stdout.trim() };
  }
  return undefined;
}

/** The folder that belongs to these requirements and this Python. */
function folder(version) {
  const hash = createHash('sha256').update(version).update(readFileSync(requirements)).digest('hex').slice(0, 16);
  return join(cacheDirectory(), 'peers', hash);
}

/** Runs the installer, which waits where another process is at it. */
function create(python, target) {
  console.error(`Creating the peers' Python environment in ${target} (about 5 GB, some two minutes).`);
  const { status } = spawnSync(python, [join(here, 'peers.py'), requirements, target], { stdio: ['ignore', 2, 2] });
  return status === 0;
}

/** Prints the path, creating what is missing; returns the exit status. */
function main() {
  const base = basePython();
  if (!base) {
    console.error(
      'peers: expected Python 3 with the venv module on PATH, found none. Install python3 and python3-venv.',
    );
    return 3;
  }
  const target = folder(base.version);
  if (!existsSync(target) && !create(base.name, target)) return 1;
  console.log(join(target, 'bin', 'python'));
  return 0;
}

process.exitCode = main();
