/**
 * Looks for bugs in native/ with clang-tidy, two files at a time. A file that passed is looked at again
 * only when it, a header of native/, its compile command or the checks changed.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { clangTool } from './clang-tools.mjs';
import { nativeFiles } from './native-files.mjs';

const database = 'build/compile_commands.json';
const stampFolder = 'build/clang-tidy';

/** The compile commands of the sources in native/. */
function commands() {
  const all = JSON.parse(readFileSync(database, 'utf8'));
  const files = new Set(nativeFiles('.cc', '.c'));
  const path = (entry) => relative(process.cwd(), resolve(entry.directory, entry.file));
  return all.map((entry) => ({ file: path(entry), command: entry.command })).filter(({ file }) => files.has(file));
}

/** The file that stands for a clean look at this very state. */
function stamp({ file, command }, shared) {
  const hash = createHash('sha256').update(shared).update(command).update(readFileSync(file)).digest('hex');
  return join(stampFolder, `${file.replaceAll('/', '-')}.${hash.slice(0, 24)}`);
}

/** What every file depends on: the checks and the headers. */
function sharedState() {
  const hash = createHash('sha256');
  for (const path of ['.clang-tidy', ...nativeFiles('.h')]) hash.update(path).update(readFileSync(path));
  return hash.digest();
}

/** Runs clang-tidy on one file; resolves to whether it is clean. */
function look(tool, file) {
  const args = ['--quiet', '-p', dirname(database), '--extra-arg=-Wno-unknown-warning-option', file];
  return new Promise((done, failed) => {
    const child = spawn(tool, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (errors += text));
    child.on('error', failed);
    child.on('close', (code) => {
      if (code !== 0) console.log(`${file}\n${output}${errors}`);
      done(code === 0);
    });
  });
}

/** Works through the list; returns the number of files with findings. */
async function lookAll(entries, shared) {
  const tool = clangTool('clang-tidy');
  const queue = [...entries];
  let bad = 0;
  const worker = async () => {
    for (let entry = queue.shift(); entry; entry = queue.shift()) {
      if (await look(tool, entry.file)) writeFileSync(stamp(entry, shared), '');
      else bad += 1;
    }
  };
  await Promise.all([worker(), worker()]);
  return bad;
}

if (existsSync(database)) {
  const shared = sharedState();
  mkdirSync(stampFolder, { recursive: true });
  const entries = commands();
  const open = entries.filter((entry) => !existsSync(stamp(entry, shared)));
  const bad = open.length > 0 ? await lookAll(open, shared) : 0;
  console.log(`clang-tidy: ${entries.length} files, ${open.length} looked at, ${bad} with findings`);
  if (bad > 0 || entries.length === 0) process.exitCode = 1;
} else {
  console.log(`clang-tidy: skipped, ${database} is absent: run npm run build:addon first`);
}
