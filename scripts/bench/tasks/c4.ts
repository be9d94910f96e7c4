import { peersPython, run } from '../processes.js';
import type { Run } from '../processes.js';
import { alternate, least, megabytes, rounded } from '../rows.js';
import type { Row, Settings } from '../rows.js';
import { slopeOf } from '../slope.js';

const TOKENS = 512;

/** The head of a language model with its loss, forward and backward on one thread, by the size of the vocabulary. */
export async function c4({ quick }: Settings): Promise<Row[]> {
  const python = peersPython();
  if (python === undefined) return [];
  const rows: Row[] = [];
  for (const classes of quick ? [16_384] : [256, 4096, 16_384, 50_304, 131_072]) {
    const head = (side: string) => () =>
      run(python, [
        'scripts/bench/peers/head.py',
        '--classes',
        String(classes),
        '--tokens',
        String(TOKENS),
        '--side',
        side,
      ]);
    const { ours, peer } = await alternate(quick ? 1 : 3, { ours: head('ours'), peer: head('peer') });
    rows.push(rowOf(classes, ours, peer));
  }
  return quick ? rows : [...rows, slope(rows, 'ours'), slope(rows, 'extraMB')];
}

function rowOf(classes: number, ours: readonly Run[], peer: readonly Run[]): Row {
  const [seconds, peerSeconds] = [least(ours, 'seconds'), least(peer, 'seconds')];
  const lossGap = Math.abs(least(ours, 'loss') - least(peer, 'loss'));
  return {
    name: `C4, head and loss of ${classes} classes, ${TOKENS} tokens`,
    ours: rounded(1000 * seconds),
    unit: 'ms of CPU time',
    ...(classes >= 16_384 && { mark: '2 ×, extra memory 64 MB' }),
    peer: rounded(1000 * peerSeconds),
    ratio: rounded(peerSeconds / seconds),
    agrees: lossGap < 1e-4,
    notes: {
      lossGap,
      classes,
      extraMB: megabytes(least(ours, 'bytes')),
      peerExtraMB: megabytes(least(peer, 'bytes')),
    },
  };
}

/** How a figure grows with the vocabulary, from 16,384 classes on. */
function slope(rows: readonly Row[], of: 'ours' | 'extraMB'): Row {
  const points = rows.flatMap(({ ours, notes }): [number, number][] => {
    const classes = Number(notes.classes);
    return classes < 16_384 ? [] : [[classes, Math.max(1, of === 'ours' ? ours : Number(notes.extraMB))]];
  });
  const [name, mark] = of === 'ours' ? ['time', 'at most 1.05'] : ['extra memory', 'near 0'];
  return { name: `C4, ${name} by classes`, ours: rounded(slopeOf(points)), unit: 'log-log slope', mark, notes: {} };
}
