/** `npm run build:addon`: builds palabra.node and its libraries into build/Release with cmake-js. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { libtorchFolder } from './libtorch.mjs';

/** Memory that one compiler process needs with libtorch's headers. */
const BYTES_A_JOB = 2 * 2 ** 30;

const libtorch = libtorchFolder();
if (!existsSync(join(libtorch, 'include', 'torch'))) {
  throw new Error(`build:addon: expected libtorch with headers in ${libtorch}. Run \`npm run setup\`.`);
}
const jobs = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / BYTES_A_JOB)));
const args = ['build', '--config', 'Release', '--parallel', String(jobs), `--CDPALABRA_LIBTORCH=${libtorch}`];
const { status } = spawnSync('node_modules/.bin/cmake-js', [...args, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 1;
