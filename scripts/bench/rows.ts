import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { median } from './processes.js';
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
  /** Whether both computed the same: losses, ids or texts; where they did not, the ratio does not count. */
  agrees?: boolean;
  notes: Record<string, number | string>;
}

/** How thoroughly to measure. */
export interface Settings {
  quick: boolean;
}

/** A benchmark: measures, and returns its rows. */
export type Benchmark = (settings: Settings) => Promise<Row[]>;

/** A figure with as many digits as are worth reading. */
export const rounded = (value: number): number => Number(value.toPrecision(4));

/** Bytes in MiB. */
export const megabytes = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;

/** A named figure of the run in the middle. */
export const figure = (runs: readonly Run[], name: string): number =>
  median(runs.map(({ figures }) => figures[name] ?? NaN));

/** The least of a named figure: what disturbs a run only adds to its times. */
export const least = (runs: readonly Run[], name: string): number =>
  Math.min(...runs.map(({ figures }) => figures[name] ?? NaN));

/** Runs all sides in turn, so that a busy spell of the machine hits each; a side that is absent has no runs. */
export async function alternate<Side extends string>(
  times: number,
  sides: Record<Side, (() => Promise<Run>) | undefined>,
): Promise<Record<Side, Run[]>> {
  const names = Object.keys(sides) as Side[];
  const runs = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Side, Run[]>;
  for (let turn = 0; turn < times; turn++)
    for (const name of names) {
      const run = await sides[name]?.();
      if (run !== undefined) runs[name].push(run);
    }
  return runs;
}

/** Gives work a folder of its own, which is gone afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'palabra-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
