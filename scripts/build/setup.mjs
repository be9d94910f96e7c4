/**
 * `npm run setup [-- --quiet]`: from a bare clone to a library that runs. Each step is skipped when its inputs are
 * those of its last success, so a set-up that was interrupted goes on where it stopped. `--only NAME` looks at one step.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { libtorchFolder } from './libtorch.mjs';
import { runStep } from './run-step.mjs';
import { hashOf, isFresh, mark, unmark } from './stamp.mjs';
import { missingTools, nodeProblem } from './tools.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

const quiet = process.argv.includes('--quiet');
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
const node = process.execPath;
const tsc = 'node_modules/typescript/bin/tsc';
const generatedAten = 'lib/tensor/aten.generated.ts';
const libraryNames = ['palabra.node', 'libpalabra_core.so', 'libpalabra_ops.so', 'libfuzz.so'];
const libraries = libraryNames.map((name) => `build/Release/${name}`);

const libtorch = libtorchFolder();

/** The packages of a lock file that must be on the disk: optional ones may be for other systems. */
function packagesOf(lockFile) {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8'));
  return Object.entries(packages).filter(([path, { optional, link }]) => path !== '' && !optional && !link);
}

/** Whether node_modules holds what package-lock.json names; npm writes its own list last. */
function packagesInstalled() {
  const installed = 'node_modules/.package-lock.json';
  if (!existsSync(installed)) return false;
  const versions = new Map(packagesOf(installed).map(([path, { version }]) => [path, version]));
  return packagesOf('package-lock.json').every(([path, { version }]) => versions.get(path) === version);
}

/** What `palabra libtorch install` is made of, beside the loader. */
const installer = ['lib/cli/commands/libtorch.ts', 'lib/cli/byte-progress.ts', 'lib/cli/output.ts'];
const tsconfigs = ['tsconfig.json', 'tsconfig.build.json', 'tsconfig.bootstrap.json'];

/** The steps in order: what each depends on, what it leaves behind, and its command. */
const steps = [
  {
    name: 'packages',
    title: 'Installing packages',
    done: packagesInstalled,
    command: ['npm', 'ci', '--no-audit', '--no-fund'],
  },
  {
    name: 'bootstrap',
    title: 'Compiling the loader',
    inputs: ['lib/core', 'lib/native', ...installer, ...tsconfigs, 'node_modules/typescript/package.json'],
    outputs: ['dist/native/index.js', 'dist/cli/commands/libtorch.js'],
    command: [node, tsc, '-p', 'tsconfig.bootstrap.json'],
  },
  {
    name: 'libtorch',
    title: 'Fetching libtorch into the cache',
    tools: ['pip'],
    done: () => existsSync(join(libtorch, 'lib', 'libtorch_cpu.so')),
    command: [node, 'scripts/build/install-libtorch.mjs'],
  },
  {
    name: 'addon',
    title: 'Building the addon (minutes)',
    tools: ['cmake', 'compiler', 'make'],
    inputs: ['CMakeLists.txt', 'native', 'node_modules/node-addon-api/package.json', 'scripts/build/addon.mjs'],
    outputs: libraries,
    command: [node, 'scripts/build/addon.mjs'],
  },
  {
    name: 'aten',
    title: 'Writing the typed operators',
    inputs: ['native/ops', 'scripts/build/generate-aten.mjs'],
    outputs: [generatedAten],
    command: [node, 'scripts/build/generate-aten.mjs'],
  },
  {
    name: 'typescript',
    title: 'Compiling TypeScript',
    inputs: ['lib', 'scripts/build/bundle.mjs', ...tsconfigs, 'node_modules/typescript/package.json'],
    outputs: ['dist/index.js', 'dist/cli/main.js'],
    command: ['npm', 'run', '--silent', 'build:ts'],
  },
];

const wanted = steps.filter(({ name }) => only === undefined || name === only);

const hashOfStep = ({ inputs }) => hashOf(inputs, [libtorch]);

/** Whether a step has nothing to do. */
function isDone(step) {
  if (step.done) return step.done();
  return step.outputs.every((path) => existsSync(path)) && isFresh(step.name, hashOfStep(step));
}

/** Runs a step unless it is done, and remembers its success. */
async function ensure(step) {
  if (isDone(step)) return;
  unmark(step.name);
  const [command, ...args] = step.command;
  await runStep(step.title, command, args, { quiet });
  if (step.inputs) mark(step.name, hashOfStep(step));
}

/** Ends with a list when the machine lacks a tool that a step to come needs. */
function requireTools() {
  if (wanted.length === 0) {
    console.error(`setup: expected --only with one of ${steps.map(({ name }) => name).join(', ')}, received ${only}.`);
    process.exit(1);
  }
  const problem =
    nodeProblem() ?? missingTools(wanted.filter((step) => !isDone(step)).flatMap(({ tools = [] }) => tools));
  if (problem === undefined) return;
  console.error(problem);
  process.exit(1);
}

requireTools();
try {
  for (const step of wanted) await ensure(step);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
