import { existsSync } from 'node:fs';

import { findModelFile } from '../model-file.js';
import { peersPython, run, typescript } from '../processes.js';
import type { Run } from '../processes.js';
import { alternate, figure, rounded, withFolder } from '../rows.js';
import type { Row, Settings } from '../rows.js';

const TEXT = '../shared/data/tinyshakespeare.txt';
const MARKS = { padded: '3 ×', packed: '1.5 ×' } as const;
type Peer = keyof typeof MARKS;

const gigabytes = (bytes: number): number => rounded(bytes / 2 ** 30);

/** LoRA on SmolLM2-135M over examples of log-normal lengths, against Hugging Face's Trainer and PEFT. */
export async function c8({ quick }: Settings): Promise<Row[]> {
  const python = peersPython();
  const gguf = findModelFile();
  if (python === undefined || gguf === undefined || !existsSync(TEXT)) return [];
  return withFolder(async (folder) => {
    const [batch, steps, warmup, turns] = quick ? [4, 2, 1, 1] : [8, 6, 2, 2];
    await run(...typescript('scripts/bench/ours/c8-prepare.ts', gguf, TEXT, folder, String(batch * steps)));
    const sizes = [folder, String(batch), String(warmup)];
    const peer = (kind: Peer) => () => run(python, ['scripts/bench/peers/c8.py', ...sizes, kind]);
    const { ours, ...peers } = await alternate(turns, {
      ours: () => run(...typescript('scripts/bench/ours/c8.ts', ...sizes)),
      packed: peer('packed'),
      padded: peer('padded'),
    });
    return (['padded', 'packed'] as const).map((kind) => rowOf(kind, ours, peers[kind]));
  });
}

function rowOf(kind: Peer, mine: readonly Run[], theirs: readonly Run[]): Row {
  const [ours, peer] = [figure(mine, 'tokensPerSecond'), figure(theirs, 'tokensPerSecond')];
  const [bytes, peerBytes] = [figure(mine, 'maxRssBytes'), figure(theirs, 'maxRssBytes')];
  const lossGap = findLossGap(mine, theirs);
  return {
    name: `C8, Trainer + PEFT, ${kind}`,
    ours: rounded(ours),
    unit: 'tokens/s',
    mark: `${MARKS[kind]}, memory 0.6 ×`,
    peer: rounded(peer),
    ratio: rounded(ours / peer),
    agrees: lossGap < 1e-4,
    notes: {
      lossGap,
      cpuSeconds: rounded(figure(mine, 'cpuSeconds')),
      peerCpuSeconds: rounded(figure(theirs, 'cpuSeconds')),
      maxRssGB: gigabytes(bytes),
      peerMaxRssGB: gigabytes(peerBytes),
      shareOfMemory: rounded(bytes / peerBytes),
    },
  };
}

/** The largest difference of the losses of a step. */
function findLossGap([mine]: readonly Run[], [theirs]: readonly Run[]): number {
  const count = Math.max(mine?.figures.steps ?? NaN, theirs?.figures.steps ?? NaN);
  const gaps = Array.from({ length: count }, (_, i) => {
    return Math.abs((mine?.figures[`loss${i}`] ?? NaN) - (theirs?.figures[`loss${i}`] ?? NaN));
  });
  return Math.max(...gaps);
}
