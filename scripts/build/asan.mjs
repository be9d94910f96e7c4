/**
 * `npm run test:asan`: builds the addon with AddressSanitizer into build/asan and runs the native tests and a short
 * fuzz over it in a copy of the tree that links to this one. Any report ends the process that made it.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { libtorchFolder } from './libtorch.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

const build = resolve('build/asan');
const tree = join(build, 'tree');
const libraries = ['loader/palabra.node', 'entries/libpalabra_core.so', 'ops/libpalabra_ops.so'];

/** Runs a command and ends with its status unless it succeeds. */
function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (status !== 0) process.exit(status ?? 1);
}

/** Compiles the addon with the sanitizer. */
function compile() {
  const settings = ['-DPALABRA_ASAN=ON', '-DCMAKE_BUILD_TYPE=RelWithDebInfo', `-DPALABRA_LIBTORCH=${libtorchFolder()}`];
  run('cmake', ['-S', '.', '-B', build, ...settings], { stdio: ['ignore', 'ignore', 'inherit'] });
  run('cmake', ['--build', build, '--parallel', '2'], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** A tree with this one's sources and the sanitized addon: the loader takes what lies in its build/Release. */
function assemble() {
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(join(tree, 'build/Release'), { recursive: true });
  for (const name of ['lib', 'tests', 'package.json', 'jest.config.mjs', 'tsconfig.json', 'README.md']) {
    cpSync(name, join(tree, name), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(tree, 'node_modules'));
  for (const library of libraries)
    cpSync(join(build, 'native', library), join(tree, 'build/Release', library.split('/')[1]));
}

/** The sanitizer's library, which must come first in a process that isn't built with it. */
function sanitizerLibrary() {
  const { stdout } = spawnSync('g++', ['-print-file-name=libasan.so'], { encoding: 'utf8' });
  return stdout.trim();
}

const environment = () => ({
  ...process.env,
  LD_PRELOAD: sanitizerLibrary(),
  ASAN_OPTIONS: `detect_leaks=0:exitcode=99:allocator_may_return_null=1:max_allocation_size_mb=1000:log_path=${join(build, 'report')}`,
  NODE_OPTIONS: '--experimental-vm-modules --no-warnings=ExperimentalWarning',
  PALABRA_LIBTORCH: libtorchFolder(),
  PALABRA_FUZZ_CALLS: '5000',
  PALABRA_FUZZ_KILOBYTES: 'unlimited',
});

/** The files the sanitizer wrote; a refused allocation is a line in them too. */
function logs() {
  const names = readdirSync(build).filter((name) => name.startsWith('report.'));
  return names.map((name) => join(build, name));
}

/** Those that tell of an error. */
function reports() {
  return logs().filter((path) => readFileSync(path, 'utf8').includes('ERROR: AddressSanitizer'));
}

compile();
assemble();
for (const path of logs()) rmSync(path);
const jest = [join(tree, 'node_modules/jest/bin/jest.js'), '--rootDir', tree, '--runInBand', '--testTimeout=120000'];
const { status } = spawnSync(
  process.execPath,
  [
    ...jest,
    '--testPathPatterns',
    'tests/addon',
    'tests/tensor',
    'tests/fuzz/addon',
    'tests/fuzz/text',
    'tests/conformance',
    'tests/nn',
    'tests/optim',
    'tests/models',
    'tests/generation',
    'tests/golden',
  ],
  {
    stdio: 'inherit',
    cwd: tree,
    env: environment(),
  },
);
const found = reports();
for (const path of found) spawnSync('head', ['-60', path], { stdio: 'inherit' });
console.log(`asan: ${found.length} reports`);
process.exitCode = found.length > 0 ? 1 : (status ?? 1);
