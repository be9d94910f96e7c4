import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { peersPython, run, typescript } from '../processes.js';
import type { Run } from '../processes.js';
import { alternate, figure, rounded, withFolder } from '../rows.js';
import type { Row, Settings } from '../rows.js';

const BATCHES = { quick: '100', whole: '400' };

/** Random windows from a token file of 128 MB, against slices of a numpy memmap. */
export function data({ quick }: Settings): Promise<Row[]> {
  const python = peersPython();
  return withFolder(async (folder) => {
    const file = join(folder, 'tokens');
    const ids = Uint16Array.from({ length: 2 ** 26 }, (_, i) => (i * 40503) % 50257);
    writeFileSync(file, ids);
    const batches = quick ? BATCHES.quick : BATCHES.whole;
    const { ours, peer } = await alternate(quick ? 2 : 5, {
      ours: () => run(...typescript('scripts/bench/ours/data.ts', file, batches)),
      peer: python === undefined ? undefined : () => run(python, ['scripts/bench/peers/data.py', file, batches]),
    });
    return [rowOf(ours, peer)];
  });
}

function rowOf(ours: readonly Run[], peer: readonly Run[]): Row {
  const names = ['aheadWithoutPause', 'direct', 'memory'];
  const notes = Object.fromEntries(names.map((name) => [name, rounded(figure(ours, name))]));
  const row = { name: 'batch of 32 × 1,024 from a file', ours: rounded(figure(ours, 'ahead')), unit: 'ms', notes };
  const memmap = figure(peer, 'memmap');
  return peer.length > 0 ? { ...row, peer: rounded(memmap), ratio: rounded(memmap / row.ours) } : row;
}
