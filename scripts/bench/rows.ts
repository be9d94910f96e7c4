import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { c7 } from './c7.js';
import { c8 } from './c8.js';
import { c9 } from './c9.js';
import { formalizer } from './formalizer.js';
import { median, peersPython, run, typescript } from './processes.js';
import type { Run } from './processes.js';

/** One line of a benchmark's result. */
export interface Row {
  name: string;
  ours: number;
  unit: string;
  /** The figure to reach, in the unit or as a ratio to the peer. */
  mark?: string;
  peer?: number;
  /** Ours by the peer's, in the sense in which more is better. */
  ratio?: number;
  notes: Record<string, number | string>;
}

/** How thoroughly to measure. */
export interface Settings {
  quick: boolean;
}

/** A benchmark: measures, and returns its rows. */
export type Benchmark = (settings: Settings) => Promise<Row[]>;

const megabytes = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;
const rounded = (value: number): number => Number(value.toPrecision(4));

/** Runs two sides in turn, so that a busy spell of the machine hits both. */
async function alternate(times: number, ours: () => Promise<Run>, peer?: () => Promise<Run>): Promise<[Run[], Run[]]> {
  const runs: [Run[], Run[]] = [[], []];
  for (let i = 0; i < times; i++) {
    runs[0].push(await ours());
    if (peer) runs[1].push(await peer());
  }
  return runs;
}

const figure = (runs: Run[], name: string): number => median(runs.map(({ figures }) => figures[name] ?? NaN));

/** Process start to first tensor, against `import torch`. */
async function startup({ quick }: Settings): Promise<Row[]> {
  const python = peersPython();
  const ours = () => run(process.execPath, ['tests/marks/startup.child.mjs']);
  const peer = python === undefined ? undefined : () => run(python, ['scripts/bench/peers/startup.py']);
  const [mine, theirs] = await alternate(quick ? 3 : 11, ours, peer);
  const seconds = median(mine.map((one) => one.seconds));
  const peerSeconds = median(theirs.map((one) => one.seconds));
  const notes = {
    toFirstTensor: rounded(figure(mine, 'seconds')),
    cpuSeconds: rounded(figure(mine, 'cpuSeconds')),
    rssMB: megabytes(figure(mine, 'bytes')),
  };
  const row: Row = {
    name: 'startup',
    ours: rounded(seconds),
    unit: 's',
    mark: '0.30 s to the first tensor, 170 MB',
    notes,
  };
  return [theirs.length > 0 ? { ...row, peer: rounded(peerSeconds), ratio: rounded(peerSeconds / seconds) } : row];
}

/** One add on four floats, freed by a scope. */
async function add(): Promise<Row[]> {
  const { figures } = await run(process.execPath, ['tests/marks/add.child.mjs']);
  return Object.entries(figures).map(([name, microseconds]) => ({
    name: `add, ${name}`,
    ours: rounded(microseconds),
    unit: 'µs',
    ...(name === 'boxed' && { mark: '1.0 µs' }),
    notes: {},
  }));
}

/** The addon from clean, without a compiler cache. */
async function build(): Promise<Row[]> {
  const { figures } = await run(process.execPath, ['scripts/bench/build.mjs']);
  return [{ name: 'build', ours: rounded(figures.seconds ?? NaN), unit: 's', mark: '360 s on 2 cores', notes: {} }];
}

/** The training step of C1 from the same weights on the same batches, against PyTorch as pip gives it. */
async function c1({ quick }: Settings): Promise<Row[]> {
  const python = peersPython();
  if (python === undefined) return [];
  const folder = mkdtempSync(join(tmpdir(), 'palabra-bench-'));
  try {
    const file = join(folder, 'c1.safetensors');
    await run(python, ['scripts/bench/peers/c1.py', 'prepare', file, '60']);
    const [steps, warmup] = quick ? ['60', '10'] : ['300', '30'];
    const ours = () => run(...typescript('scripts/bench/ours/c1.ts', file, steps, warmup));
    const peer = () => run(python, ['scripts/bench/peers/c1.py', 'train', file, steps, warmup]);
    return [c1Row(...(await alternate(quick ? 2 : 5, ours, peer)))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function c1Row(mine: Run[], theirs: Run[]): Row {
  const tokens = 12 * 64;
  const ours = tokens / figure(mine, 'seconds');
  const peer = tokens / figure(theirs, 'seconds');
  const best = (runs: Run[]): number => Math.min(...runs.map((one) => one.figures.bestSeconds ?? NaN));
  const lossGap = Math.abs(figure(mine, 'lossAfter50') - figure(theirs, 'lossAfter50'));
  return {
    name: 'C1, stock PyTorch',
    ours: rounded(ours),
    unit: 'tokens/s',
    mark: '2.2 × stock',
    peer: rounded(peer),
    ratio: rounded(ours / peer),
    notes: {
      bestRatio: rounded(best(theirs) / best(mine)),
      lossGapAfter50: lossGap,
      lossesAgree: lossGap < 1e-4 ? 'yes' : 'NO: the ratio does not count',
      cpuSeconds: rounded(figure(mine, 'cpuSeconds')),
      peerCpuSeconds: rounded(figure(theirs, 'cpuSeconds')),
      maxRssMB: megabytes(figure(mine, 'maxRssBytes')),
      peerMaxRssMB: megabytes(figure(theirs, 'maxRssBytes')),
    },
  };
}

/** The update of each optimizer on the model of C1, and what share of a whole step it takes. */
async function optimizers({ quick }: Settings): Promise<Row[]> {
  const { figures } = await run(...typescript('scripts/bench/ours/optimizers.ts', quick ? '20' : '100'));
  const names = Object.keys(figures).flatMap((name) => (name.endsWith(': update') ? [name.slice(0, -8)] : []));
  return names.map((name) => {
    const [update = NaN, step = NaN] = [figures[`${name}: update`], figures[`${name}: step`]];
    const notes = { stepMs: rounded(step), share: rounded(update / step) };
    return { name: `update of ${name}`, ours: rounded(update), unit: 'ms', notes };
  });
}

/** Random windows from a token file of 128 MB, against slices of a numpy memmap. */
async function data({ quick }: Settings): Promise<Row[]> {
  const python = peersPython();
  const folder = mkdtempSync(join(tmpdir(), 'palabra-bench-'));
  try {
    const file = join(folder, 'tokens');
    writeFileSync(
      file,
      Uint16Array.from({ length: 2 ** 26 }, (_, i) => (i * 40503) % 50257),
    );
    const batches = quick ? '100' : '400';
    const ours = () => run(...typescript('scripts/bench/ours/data.ts', file, batches));
    const peer = python === undefined ? undefined : () => run(python, ['scripts/bench/peers/data.py', file, batches]);
    const [mine, theirs] = await alternate(quick ? 2 : 5, ours, peer);
    const names = ['aheadWithoutPause', 'direct', 'memory'];
    const notes = Object.fromEntries(names.map((name) => [name, rounded(figure(mine, name))]));
    const row = { name: 'batch of 32 × 1,024 from a file', ours: rounded(figure(mine, 'ahead')), unit: 'ms', notes };
    const memmap = figure(theirs, 'memmap');
    return [theirs.length > 0 ? { ...row, peer: rounded(memmap), ratio: rounded(memmap / row.ours) } : row];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The benchmarks by name. */
export const benchmarks: Record<string, Benchmark> = {
  startup,
  add,
  build,
  c1,
  c7,
  c8,
  c9,
  optimizers,
  data,
  formalizer,
};
