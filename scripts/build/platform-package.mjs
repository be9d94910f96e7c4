/**
 * `node scripts/build/platform-package.mjs [FOLDER]`: makes the npm package @palabra/libtorch-linux-x64 in
 * build/platform from the libtorch in the cache, stripped and without headers, packs it into FOLDER (default:
 * build/platform) and prints the path of the tarball.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { libtorchFolder, libtorchVersion } from './libtorch.mjs';
import { hashOf, isFresh, mark, unmark } from './stamp.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

const source = libtorchFolder();
const target = resolve('build/platform/libtorch-linux-x64');
const destination = resolve(process.argv[2] ?? 'build/platform');

const readme = `# @palabra/libtorch-linux-x64

libtorch ${libtorchVersion} for CPUs on Linux x86-64 with glibc 2.28 or newer, as palabra loads it: install it beside
palabra and nothing else is needed. The libraries are those of the PyTorch project and of NVIDIA's CUDA runtime,
stripped of symbols for debugging; their licences are in \`licenses/\`.
`;

/** Runs a command; throws with what it said when it fails. */
function must(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (status !== 0) throw new Error(`platform-package: ${command}: ${error?.message ?? stderr}`);
  return stdout;
}

/** The package's own package.json. */
function manifest() {
  const { license: _, repository } = JSON.parse(readFileSync('package.json', 'utf8'));
  return {
    name: '@palabra/libtorch-linux-x64',
    version: libtorchVersion,
    description: `libtorch ${libtorchVersion} for palabra: CPU, Linux x64, glibc.`,
    license: 'SEE LICENSE IN licenses',
    repository,
    os: ['linux'],
    cpu: ['x64'],
    libc: ['glibc'],
    files: ['lib', 'licenses'],
  };
}

/** Copies libraries and licences, strips the libraries, and writes the package's own files. */
function assemble() {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(target, 'lib'), { recursive: true });
  cpSync(join(source, 'licenses'), join(target, 'licenses'), { recursive: true });
  for (const name of readdirSync(join(source, 'lib'))) {
    must('strip', ['--strip-unneeded', '-o', join(target, 'lib', name), join(source, 'lib', name)]);
  }
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
  writeFileSync(join(target, 'README.md'), readme);
}

if (!existsSync(join(source, 'manifest.json'))) {
  throw new Error(`platform-package: expected a libtorch of \`palabra libtorch install\` in ${source}.`);
}
const inputs = hashOf([join(source, 'manifest.json'), 'scripts/build/platform-package.mjs', 'package.json']);
if (!existsSync(target) || !isFresh('platform', inputs)) {
  unmark('platform');
  assemble();
  mark('platform', inputs);
}
const told = must('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', destination], { cwd: target });
console.log(join(destination, Object.values(JSON.parse(told))[0].filename));
