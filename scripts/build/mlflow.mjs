/**
 * The server that the nightly run records a training with: `node scripts/build/mlflow.mjs` installs MLflow from pip into
 * the cache once (about 900 MB), and prints the path of its program.
 *
 * Exit status 3 says that the machine has no Python 3 with the venv module; 1 that the installation failed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from './cache.mjs';

const requirement = 'mlflow==3.6.0';

/** Runs a program whose output goes to stderr; true where it ended well. */
function run(program, args) {
  return spawnSync(program, args, { stdio: ['ignore', 2, 2] }).status === 0;
}

/** Prints the path, installing what is missing; returns the exit status. */
function main() {
  const target = join(cacheDirectory(), 'tools', requirement.replace('==', '-'));
  const partial = `${target}.${process.pid}.partial`;
  if (!existsSync(target)) {
    if (!run('python3', ['-c', 'import venv, ensurepip'])) return 3;
    const pip = [
      join(partial, 'bin', 'python'),
      ['-m', 'pip', 'install', '--no-compile', '--quiet', requirement, 'sqlalchemy<2.1'],
    ];
    const installed = run('python3', ['-m', 'venv', partial]) && run(...pip);
    // Another process may have been faster.
    if (installed && !existsSync(target)) renameSync(partial, target);
    rmSync(partial, { recursive: true, force: true });
    if (!installed) return 1;
  }
  // The scripts of an environment name the folder that it was made in.
  console.log(join(target, 'bin', 'python'));
  return 0;
}

process.exitCode = main();
