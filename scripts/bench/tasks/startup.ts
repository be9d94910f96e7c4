import { peersPython, median, run } from '../processes.js';
import { alternate, figure, megabytes, rounded } from '../rows.js';
import type { Row, Settings } from '../rows.js';

/** Process start to first tensor, against `import torch`. */
export async function startup({ quick }: Settings): Promise<Row[]> {
  const python = peersPython();
  const { ours: mine, peer: theirs } = await alternate(quick ? 3 : 11, {
    ours: () => run(process.execPath, ['tests/marks/startup.child.mjs']),
    peer: python === undefined ? undefined : () => run(python, ['scripts/bench/peers/startup.py']),
  });
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
