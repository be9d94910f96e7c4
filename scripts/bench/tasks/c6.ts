import { join } from 'node:path';

import { peersPython, run, typescript } from '../processes.js';
import { alternate, figure, least, megabytes, rounded, withFolder } from '../rows.js';
import type { Row, Settings } from '../rows.js';

/** The training step of an LSTM, two layers of 650 with a tied head of 33,278 words, on 20 × 35 tokens. */
export async function c6({ quick }: Settings): Promise<Row[]> {
  const python = peersPython();
  if (python === undefined) return [];
  const [steps, warmup, rounds] = quick ? ['3', '1', 1] : ['20', '3', 3];
  return withFolder(async (folder) => {
    const file = join(folder, 'start.safetensors');
    await run(python, ['scripts/bench/peers/lstm.py', 'prepare', file, steps]);
    const { ours, peer } = await alternate(rounds, {
      ours: () => run(...typescript('scripts/bench/ours/c6.ts', file, steps, warmup)),
      peer: () => run(python, ['scripts/bench/peers/lstm.py', 'train', file, steps, warmup]),
    });
    const [seconds, peerSeconds, tokens] = [figure(ours, 'seconds'), figure(peer, 'seconds'), figure(ours, 'tokens')];
    const lossGap = Math.abs(figure(ours, 'lastLoss') - figure(peer, 'lastLoss'));
    const row: Row = {
      name: 'C6, LSTM 2 × 650',
      ours: rounded(tokens / seconds),
      unit: 'tokens/s',
      mark: '1.8 ×',
      peer: rounded(tokens / peerSeconds),
      ratio: rounded(peerSeconds / seconds),
      agrees: lossGap < 1e-4,
      notes: {
        bestRatio: rounded(least(peer, 'bestSeconds') / least(ours, 'bestSeconds')),
        lossGap,
        cpuRatio: rounded(figure(peer, 'cpuSeconds') / figure(ours, 'cpuSeconds')),
        maxRssMB: megabytes(figure(ours, 'maxRssBytes')),
        peerMaxRssMB: megabytes(figure(peer, 'maxRssBytes')),
      },
    };
    return [row];
  });
}
