/**
 * `npm run compile:matrix [versions …]`: compiles the native sources, syntax only, against the headers of each
 * libtorch from 2.11 to 2.14, which pip fetches once into the cache, and prints a table.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { cacheDirectory } from './cache.mjs';
import { nativeFiles } from './native-files.mjs';

const pinned = ['2.11.0', '2.12.1', '2.13.0', '2.14.1'];

const unpack = `
import pathlib, sys, zipfile
wheel = next(pathlib.Path(sys.argv[1]).glob('torch-*.whl'))
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(sys.argv[1], [name for name in archive.namelist() if name.startswith('torch/include/')])
wheel.unlink()
`;

/** Runs a command whose output belongs on stderr; throws when it fails. */
function must(command, args) {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`compile:matrix: ${command} ${args.slice(0, 4).join(' ')} ended with ${status}.`);
}

/** The include folder of one version of libtorch. */
function headers(version) {
  const folder = join(cacheDirectory(), 'headers', version);
  if (!existsSync(folder)) fetchHeaders(version, folder);
  return join(folder, 'torch', 'include');
}

/** Downloads the wheel, keeps its headers, and renames the folder into place. */
function fetchHeaders(version, folder) {
  mkdirSync(dirname(folder), { recursive: true });
  const temporary = mkdtempSync(`${folder}.`);
  try {
    must('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', temporary, `torch==${version}`]);
    must('python3', ['-c', unpack, temporary]);
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The compiler's arguments for one file. */
function compileArguments(include, file) {
  const system = ['node_modules/node-api-headers/include', 'node_modules/node-addon-api'].map((path) => resolve(path));
  const folders = [include, join(include, 'torch/csrc/api/include'), ...system].flatMap((path) => ['-isystem', path]);
  const defines = ['-DNAPI_VERSION=9', '-DNODE_ADDON_API_CPP_EXCEPTIONS_ALL'];
  return ['-std=c++20', '-fsyntax-only', '-Inative', '-Inative/ops', ...defines, ...folders, file];
}

/** Compiles one file; resolves to its errors, empty when there are none. */
function compile(include, file) {
  return new Promise((done, failed) => {
    const child = spawn(process.env.CXX ?? 'g++', compileArguments(include, file), {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (text) => (errors += text));
    child.on('error', failed);
    child.on('close', (code) => done(code === 0 ? '' : errors || `ended with ${code}`));
  });
}

/** Compiles every file against one version, two at a time. */
async function compileAll(version, files) {
  const include = headers(version);
  const start = performance.now();
  const queue = [...files];
  const errors = [];
  const worker = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      const text = await compile(include, file);
      if (text) errors.push({ file, text });
    }
  };
  await Promise.all([worker(), worker()]);
  return { version, files: files.length, failed: errors.length, seconds: (performance.now() - start) / 1000, errors };
}

/** The folders whose sources see libtorch's headers. */
const withLibtorch = /^native\/(?:dispatch|entries|ops|programs|tensors)\//;

const files = nativeFiles('.cc').filter((file) => withLibtorch.test(file));
const versions = process.argv.length > 2 ? process.argv.slice(2) : pinned;
const rows = [];
for (const version of versions) {
  const row = await compileAll(version, files);
  for (const { file, text } of row.errors) console.error(`libtorch ${version}: ${file}\n${text}`);
  rows.push(row);
}
console.log('| libtorch | files | failed | seconds |\n| --- | --- | --- | --- |');
for (const { version, files: count, failed, seconds } of rows) {
  console.log(`| ${version} | ${count} | ${failed} | ${seconds.toFixed(1)} |`);
}
if (files.length === 0 || rows.some(({ failed }) => failed > 0)) process.exitCode = 1;
