import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { median, peersPython, root, run, typescript } from '../processes.js';
import type { Run } from '../processes.js';
import { alternate } from '../rows.js';
import type { Row, Settings } from '../rows.js';

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

const ours = (...args: string[]): Promise<Run> => run(...typescript('scripts/bench/ours/c9.ts', ...args));
const peer = (python: string, ...args: string[]): Promise<Run> => run(python, ['scripts/bench/peers/c9.py', ...args]);

/** The runs of both sides; the peer has none where it is missing. */
type Runs = Record<'ours' | 'peer', Run[]>;

function rowOf(name: string, mark: string, runs: Runs, agrees: boolean, notes: Row['notes'] = {}): Row {
  const { ours: mine, peer: theirs } = runs;
  const byClock = { byClock: rounded(speed(mine, 'seconds')) };
  const row = { name, ours: rounded(speed(mine)), unit: 'MB/s of CPU time', mark };
  if (theirs.length === 0) return { ...row, notes: { ...notes, ...byClock } };
  return {
    ...row,
    peer: rounded(speed(theirs)),
    ratio: rounded(speed(mine) / speed(theirs)),
    agrees,
    notes: { ...notes, ...byClock, peerByClock: rounded(speed(theirs, 'seconds')) },
  };
}

async function trainRow(size: number, { text, ours: out, theirs }: Files, python: string | undefined, times: number) {
  const train = python === undefined ? undefined : () => peer(python, 'train', text, String(size), theirs);
  const runs = await alternate(times, { ours: () => ours('train', text, String(size), out), peer: train });
  const same = python !== undefined && mergesOf(out) === mergesOf(theirs);
  return rowOf(`C9, train ${size}, Hugging Face`, '2 × Hugging Face', runs, same);
}

function mergesOf(path: string): string {
  return JSON.stringify((JSON.parse(readFileSync(path, 'utf8')) as { model: { merges: unknown } }).model.merges);
}

async function hfRow({ text, ours: vocabulary }: Files, python: string | undefined, times: number): Promise<Row> {
  const encode = python === undefined ? undefined : () => peer(python, 'hf', text, '1', vocabulary);
  const runs = await alternate(times, { ours: () => ours('encode', text, '1', vocabulary), peer: encode });
  return rowOf('C9, encode, Hugging Face', '40 MB/s a core', runs, haveSameIds(runs));
}

/** GPT-2's vocabulary beside a library of JavaScript. */
async function gpt2Row({ text }: Files, times: number): Promise<Row> {
  const theirs = () => run(...typescript('scripts/bench/peers/c9.ts', text, '4'));
  const runs = await alternate(times, { ours: () => ours('encode', text, '4', 'gpt2'), peer: theirs });
  return rowOf('C9, encode GPT-2, gpt-tokenizer', '40 MB/s a core', runs, haveSameIds(runs));
}

async function encodeRow(times: number, { text, ours: vocabulary }: Files, python: string | undefined, rounds: number) {
  const encode = python === undefined ? undefined : () => peer(python, 'tiktoken', text, String(times), vocabulary);
  const runs = await alternate(rounds, {
    ours: () => ours('encode', text, String(times), vocabulary),
    peer: encode,
  });
  const megabytes = Math.round(runs.ours[0]?.figures.megabytes ?? NaN);
  const seconds = median(runs.ours.map(({ figures }) => figures.cpuSeconds ?? NaN));
  const name = `C9, encode ${megabytes} MB as one string, tiktoken`;
  return rowOf(name, '40 MB/s a core', runs, haveSameIds(runs), { megabytes, seconds: rounded(seconds) });
}

function haveSameIds({ ours: mine, peer: theirs }: Runs): boolean {
  return new Set([...mine, ...theirs].map(({ figures }) => figures.hash)).size === 1;
}

/** How time grows with length, from the shortest to the longest string: 1 is linear. */
function linearRow(rows: readonly Row[]): Row {
  const sized = rows.filter(({ notes }) => notes.seconds !== undefined);
  const [first, last] = [sized[0]!.notes, sized.at(-1)!.notes];
  const growth = (name: string): number => Math.log(Number(last[name]) / Number(first[name]));
  const slope = rounded(growth('seconds') / growth('megabytes'));
  return { name: 'C9, encode', ours: slope, unit: 'log-log slope of time by length', mark: 'at most 1.05', notes: {} };
}
