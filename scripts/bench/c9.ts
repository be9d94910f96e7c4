import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { median, peersPython, root, run, typescript } from './processes.js';
import type { Run } from './processes.js';
import type { Row, Settings } from './rows.js';

/** Where the real text lies; the project's own sources stand in where it is absent. */
const TEXTS = ['../shared/data/wikitext-2/valid.txt', '../shared/data/wikitext-2/test.txt'];
const SUBSTITUTES = ['lib/tensor/aten.generated.ts', 'README.md'];

const rounded = (value: number): number => Number(value.toPrecision(3));

/** Megabytes a second of processor time, of the run in the middle: a busy machine disturbs it least. */
const speed = (runs: readonly Run[], time = 'cpuSeconds'): number =>
  median(runs.map(({ figures }) => (figures.megabytes ?? NaN) / (figures[time] ?? NaN)));

/** The files of one run of the benchmark. */
interface Files {
  text: string;
  ours: string;
  theirs: string;
}

/** Byte-pair encoding beside Hugging Face's library, tiktoken and gpt-tokenizer, each on one core. */
export async function c9({ quick }: Settings): Promise<Row[]> {
  const python = peersPython();
  const folder = mkdtempSync(join(tmpdir(), 'palabra-c9-'));
  const files = { text: join(folder, 'text'), ours: join(folder, 'ours.json'), theirs: join(folder, 'theirs.json') };
  const present = TEXTS.every((path) => existsSync(resolve(root, path)));
  const paths = present ? TEXTS : SUBSTITUTES;
  writeFileSync(files.text, paths.map((path) => readFileSync(resolve(root, path), 'utf8')).join(''));
  try {
    const rows: Row[] = [];
    for (const size of [8192, 32_768]) rows.push(await trainRow(size, files, python, quick ? 1 : 5));
    rows.push(await hfRow(files, python, quick ? 1 : 3));
    rows.push(await gpt2Row(files, quick ? 1 : 3));
    for (const times of quick ? [1, 10] : [1, 10, 42, 100]) rows.push(await encodeRow(times, files, python, 3));
    return [...rows, linearRow(rows)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs both sides in turn, so that a busy spell of the machine hits both. */
async function alternate(times: number, ours: () => Promise<Run>, peer?: () => Promise<Run>): Promise<[Run[], Run[]]> {
  const runs: [Run[], Run[]] = [[], []];
  for (let i = 0; i < times; i++) {
    runs[0].push(await ours());
    if (peer !== undefined) runs[1].push(await peer());
  }
  return runs;
}

const ours = (...args: string[]): Promise<Run> => run(...typescript('scripts/bench/ours/c9.ts', ...args));
const peer = (python: string, ...args: string[]): Promise<Run> => run(python, ['scripts/bench/peers/c9.py', ...args]);

function rowOf(name: string, mark: string, [mine, theirs]: [Run[], Run[]], notes: Row['notes']): Row {
  const byClock = { byClock: rounded(speed(mine, 'seconds')) };
  const row = { name, ours: rounded(speed(mine)), unit: 'MB/s of CPU time', mark };
  if (theirs.length === 0) return { ...row, notes: { ...notes, ...byClock } };
  const peers = { ...byClock, peerByClock: rounded(speed(theirs, 'seconds')) };
  return {
    ...row,
    peer: rounded(speed(theirs)),
    ratio: rounded(speed(mine) / speed(theirs)),
    notes: { ...notes, ...peers },
  };
}

async function trainRow(size: number, { text, ours: out, theirs }: Files, python: string | undefined, times: number) {
  const train = python === undefined ? undefined : () => peer(python, 'train', text, String(size), theirs);
  const runs = await alternate(times, () => ours('train', text, String(size), out), train);
  const same = python !== undefined && mergesOf(out) === mergesOf(theirs);
  const notes = python === undefined ? {} : { mergesAgree: same ? 'yes' : 'NO: the ratio does not count' };
  return rowOf(`C9, train ${size}, Hugging Face`, '2 × Hugging Face', runs, notes);
}

function mergesOf(path: string): string {
  return JSON.stringify((JSON.parse(readFileSync(path, 'utf8')) as { model: { merges: unknown } }).model.merges);
}

async function hfRow({ text, ours: vocabulary }: Files, python: string | undefined, times: number): Promise<Row> {
  const encode = python === undefined ? undefined : () => peer(python, 'hf', text, '1', vocabulary);
  const runs = await alternate(times, () => ours('encode', text, '1', vocabulary), encode);
  return rowOf('C9, encode, Hugging Face', '40 MB/s a core', runs, agreement(runs));
}

/** GPT-2's vocabulary beside a library of JavaScript. */
async function gpt2Row({ text }: Files, times: number): Promise<Row> {
  const theirs = () => run(...typescript('scripts/bench/peers/c9.ts', text, '4'));
  const runs = await alternate(times, () => ours('encode', text, '4', 'gpt2'), theirs);
  return rowOf('C9, encode GPT-2, gpt-tokenizer', '40 MB/s a core', runs, agreement(runs));
}

async function encodeRow(times: number, { text, ours: vocabulary }: Files, python: string | undefined, rounds: number) {
  const encode = python === undefined ? undefined : () => peer(python, 'tiktoken', text, String(times), vocabulary);
  const runs = await alternate(rounds, () => ours('encode', text, String(times), vocabulary), encode);
  const megabytes = Math.round(runs[0][0]?.figures.megabytes ?? NaN);
  const seconds = median(runs[0].map(({ figures }) => figures.cpuSeconds ?? NaN));
  const notes = { ...agreement(runs), megabytes, seconds: rounded(seconds) };
  return rowOf(`C9, encode ${megabytes} MB as one string, tiktoken`, '40 MB/s a core', runs, notes);
}

function agreement([mine, theirs]: [Run[], Run[]]): Row['notes'] {
  if (theirs.length === 0) return {};
  const hashes = new Set([...mine, ...theirs].map(({ figures }) => figures.hash));
  return { idsAgree: hashes.size === 1 ? 'yes' : 'NO: the ratio does not count' };
}

/** How time grows with length, from the shortest to the longest string: 1 is linear. */
function linearRow(rows: readonly Row[]): Row {
  const sized = rows.filter(({ notes }) => notes.seconds !== undefined);
  const [first, last] = [sized[0]!.notes, sized.at(-1)!.notes];
  const growth = (name: string): number => Math.log(Number(last[name]) / Number(first[name]));
  const slope = rounded(growth('seconds') / growth('megabytes'));
  return { name: 'C9, encode', ours: slope, unit: 'log-log slope of time by length', mark: 'at most 1.05', notes: {} };
}
