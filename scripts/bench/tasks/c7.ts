import { existsSync } from 'node:fs';

import { peersPython, run, typescript } from '../processes.js';
import type { Run } from '../processes.js';
import { rounded } from '../rows.js';
import type { Row, Settings } from '../rows.js';

const TEXT = '../shared/data/tinyshakespeare.txt';
/** Updates of the published recipe, 2,000 of 768 characters each, and those that ours needs for the same loss. */
const [PEER_STEPS, STEPS] = [2000, 130];

/** Time to quality: default settings against the published recipe in PyTorch; process start to the end of scoring. */
export async function c7({ quick }: Settings): Promise<Row[]> {
  const python = peersPython();
  if (python === undefined || !existsSync(TEXT)) return [];
  const ours = (steps: number) => run(...typescript('scripts/bench/ours/c7.ts', TEXT, String(steps)));
  const peerSteps = quick ? PEER_STEPS / 10 : PEER_STEPS;
  const first = await ours(STEPS);
  const peer = await run(python, ['scripts/bench/peers/c7.py', TEXT, String(peerSteps)]);
  const rows = [row('C7, time to 1.90', 'at most 1.90 in 0.3 × (goal 0.15 ×)', first, peer)];
  return quick
    ? rows
    : [...rows, row('C7, equal time', 'at most 1.65 (goal 1.60)', await ours(within(peer, first)), peer)];
}

/** The steps that fit into the time of the peer, by the speed of a first run. */
function within(peer: Run, first: Run): number {
  const { trainSeconds = NaN } = first.figures;
  const rest = first.seconds - trainSeconds;
  return Math.floor((0.97 * peer.seconds - rest) / (trainSeconds / STEPS));
}

function row(name: string, mark: string, mine: Run, theirs: Run): Row {
  const share = mine.seconds / theirs.seconds;
  return {
    name,
    ours: rounded(mine.figures.loss ?? NaN),
    unit: 'nats a character',
    mark,
    peer: rounded(theirs.figures.loss ?? NaN),
    ratio: rounded(1 / share),
    notes: {
      seconds: rounded(mine.seconds),
      peerSeconds: rounded(theirs.seconds),
      shareOfTime: rounded(share),
      characters: mine.figures.characters ?? NaN,
      peerCharacters: theirs.figures.characters ?? NaN,
    },
  };
}
