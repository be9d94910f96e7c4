import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { median, peersPython, run, typescript } from './processes.js';
import type { Run } from './processes.js';
import type { Row, Settings } from './rows.js';

const rounded = (value: number): number => Number(value.toPrecision(4));

/** Training steps of the formalizer `small` on its own rows, against the same model in PyTorch as pip gives it. */
export async function formalizer({ quick }: Settings): Promise<Row[]> {
  const python = peersPython();
  if (python === undefined) return [];
  const rows: Row[] = [];
  for (const precision of ['float32', 'bfloat16'] as const) rows.push(await compare(python, precision, quick));
  return rows;
}

async function compare(python: string, precision: string, quick: boolean): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'palabra-bench-'));
  const steps = quick ? 10 : 50;
  const request = join(folder, 'request.json');
  const mine: Run[] = [];
  const theirs: Run[] = [];
  try {
    for (let turn = 0; turn < (quick ? 1 : 3); turn++) {
      mine.push(await run(...typescript('tests/marks/formalizer.child.ts', folder, String(steps), precision)));
      theirs.push(await run(python, ['scripts/bench/peers/formalizer.py', request]));
    }
    return row(precision, steps, mine, theirs);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const figure = (runs: readonly Run[], name: string): number => median(runs.map(({ figures }) => figures[name] ?? NaN));

function row(precision: string, steps: number, mine: readonly Run[], theirs: readonly Run[]): Row {
  const tokens = figure(mine, 'tokens');
  const [seconds, peerSeconds] = [figure(mine, 'seconds'), figure(theirs, 'seconds')];
  const [cpu, peerCpu] = [figure(mine, 'cpuSeconds'), figure(theirs, 'cpuSeconds')];
  const gaps = Array.from({ length: steps }, (_, i) =>
    Math.abs(figure(mine, `loss${i}`) / figure(theirs, `loss${i}`) - 1),
  );
  const lossGap = Math.max(...gaps);
  return {
    name: `formalizer small, ${precision}`,
    ours: rounded(tokens / seconds),
    unit: 'tokens/s',
    mark: '1.5 ×, losses of 50 steps within 1e-4 in float32',
    peer: rounded(tokens / peerSeconds),
    ratio: rounded(peerSeconds / seconds),
    notes: {
      lossGap,
      ...(precision === 'float32' && { lossesAgree: lossGap < 1e-4 ? 'yes' : 'NO: the ratio does not count' }),
      cpuSeconds: rounded(cpu),
      peerCpuSeconds: rounded(peerCpu),
      ratioOfCpu: rounded(peerCpu / cpu),
    },
  };
}
