import { join } from 'node:path';

import { peersPython, run, typescript } from '../processes.js';
import type { Run } from '../processes.js';
import { alternate, figure, rounded, withFolder } from '../rows.js';
import type { Row, Settings } from '../rows.js';

type Precision = 'float32' | 'bfloat16';
/** How far losses may lie apart, relative; a peer in bfloat16 rounds elsewhere. */
const TOLERANCES: Record<Precision, number> = { float32: 1e-4, bfloat16: 2e-2 };

/** Training steps of the formalizer `small` on its own rows, against the same model in PyTorch as pip gives it. */
export async function formalizer({ quick }: Settings): Promise<Row[]> {
  const python = peersPython();
  if (python === undefined) return [];
  const rows: Row[] = [];
  for (const precision of ['float32', 'bfloat16'] as const) rows.push(await compare(python, precision, quick));
  return rows;
}

function compare(python: string, precision: Precision, quick: boolean): Promise<Row> {
  const steps = quick ? 10 : 50;
  return withFolder(async (folder) => {
    const { ours, peer } = await alternate(quick ? 1 : 3, {
      ours: () => run(...typescript('tests/marks/formalizer.child.ts', folder, String(steps), precision)),
      peer: () => run(python, ['scripts/bench/peers/formalizer.py', join(folder, 'request.json')]),
    });
    return rowOf(precision, steps, ours, peer);
  });
}

function rowOf(precision: Precision, steps: number, mine: readonly Run[], theirs: readonly Run[]): Row {
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
    agrees: lossGap < TOLERANCES[precision],
    notes: {
      lossGap,
      cpuSeconds: rounded(cpu),
      peerCpuSeconds: rounded(peerCpu),
      ratioOfCpu: rounded(peerCpu / cpu),
    },
  };
}
