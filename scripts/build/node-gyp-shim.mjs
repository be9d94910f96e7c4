#!/usr/bin/env node
/**
 * Stands for node-gyp when prebuildify builds: builds the addon with cmake-js in the repository and lays the
 * libraries into build/Release of the current folder, where prebuildify looks for them.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '../..');
const built = join(repository, 'build', 'Release');
const { status } = spawnSync('npm', ['run', '--silent', 'build:addon'], { cwd: repository, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

const release = resolve('build', 'Release');
mkdirSync(release, { recursive: true });
for (const file of readdirSync(built)) {
  if (/^(?:palabra\.node|libpalabra_\w+\.so)$/.test(file)) copyFileSync(join(built, file), join(release, file));
}
