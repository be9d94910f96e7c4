/**
 * `npm run prebuild`: makes prebuilds/linux-x64 with prebuildify, which finds our shim where it expects node-gyp.
 * It works in a staging folder, since it moves the addon out of its build folder.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const staging = resolve('build/prebuild');
const output = resolve('prebuilds', `${process.platform}-${process.arch}`);

rmSync(staging, { recursive: true, force: true });
rmSync(output, { recursive: true, force: true });
mkdirSync(staging, { recursive: true });

const options = ['--napi', '--strip', '--name', 'palabra', '--cwd', staging, '--out', resolve('.')];
const env = { ...process.env, PREBUILD_NODE_GYP: resolve('scripts/build/node-gyp-shim.mjs') };
const { status } = spawnSync('node_modules/.bin/prebuildify', options, { stdio: 'inherit', env });
if (status === 0) {
  for (const file of readdirSync(output))
    console.log(`${join(output, file)}: ${statSync(join(output, file)).size} bytes`);
}
process.exitCode = status ?? 1;
