/**
 * Looks for bugs in native/ with clang-tidy, as many files at a time as there are cores. A file is looked at when its state
 * is in neither record of clean ones: that of this clone, and the tracked one that `npm run native-lint -- --record`
 * writes. `--all` looks at every file, as the nightly run does.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, relative, resolve } from 'node:path';
import { clangTool } from './clang-tools.mjs';
import { nativeFiles } from './native-files.mjs';
import { tidyStates } from './tidy-states.mjs';

const database = 'build/compile_commands.json';
const ownRecord = 'build/clang-tidy/clean.json';
const trackedRecord = 'scripts/build/clang-tidy.clean.json';

/** The compile commands of the sources in native/. */
function commands() {
  const all = JSON.parse(readFileSync(database, 'utf8'));
  const files = new Set(nativeFiles('.cc', '.c'));
  const path = (entry) => relative(process.cwd(), resolve(entry.directory, entry.file));
  return all.map((entry) => ({ file: path(entry), command: entry.command })).filter(({ file }) => files.has(file));
}

/** The states that a record holds as clean, by file. */
function readRecord(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

/** Writes the states of clean files, sorted by path. */
function writeRecord(path, states) {
  mkdirSync(dirname(path), { recursive: true });
  const sorted = Object.fromEntries(Object.entries(states).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(path, `${JSON.stringify(sorted, null, 2)}\n`);
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

/** Works through the list, several files at a time; `onClean` hears of each clean one. */
async function lookAll(files, onClean) {
  if (files.length === 0) return;
  const tool = clangTool('clang-tidy');
  const queue = [...files];
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) if (await look(tool, file)) onClean(file);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

/** Looks at what no record knows to be clean, and remembers what is. */
async function run({ all, record }) {
  const states = tidyStates(commands());
  const known = all ? [] : [readRecord(ownRecord), readRecord(trackedRecord)];
  const isKnown = (file) => known.some((one) => one[file] === states.get(file));
  const clean = Object.fromEntries([...states].filter(([file]) => isKnown(file)));
  const open = [...states.keys()].filter((file) => !isKnown(file));
  await lookAll(open, (file) => {
    clean[file] = states.get(file);
    writeRecord(ownRecord, clean);
  });
  const bad = states.size - Object.keys(clean).length;
  if (record) writeRecord(trackedRecord, clean);
  console.log(`clang-tidy: ${states.size} files, ${open.length} looked at, ${bad} with findings`);
  if (bad > 0 || states.size === 0) process.exitCode = 1;
}

if (existsSync(database)) await run({ all: process.argv.includes('--all'), record: process.argv.includes('--record') });
else console.log(`clang-tidy: skipped, ${database} is absent: run npm run build:addon first`);
