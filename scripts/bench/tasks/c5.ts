import { machine } from '../machine.js';
import { peersPython, run } from '../processes.js';
import type { Run } from '../processes.js';
import { alternate, least, megabytes, rounded } from '../rows.js';
import type { Row, Settings } from '../rows.js';
import { slopeOf } from '../slope.js';

type DType = 'float32' | 'bfloat16';
const MARKS: Record<DType, string> = { float32: '1.8 × from 512 tokens on', bfloat16: '3 × from 512 tokens on' };
/** How far mean squares of output and gradients may lie apart, relative. */
const TOLERANCES: Record<DType, number> = { float32: 1e-5, bfloat16: 1e-2 };

/** Causal attention of 6 heads of 64, forward and backward on one thread, by length and with several documents. */
export async function c5({ quick }: Settings): Promise<Row[]> {
  const python = peersPython();
  if (python === undefined) return [];
  const dtypes: DType[] = machine().instructionSets.includes('avx512_bf16') ? ['float32', 'bfloat16'] : ['float32'];
  const rows: Row[] = [];
  for (const dtype of quick ? dtypes.slice(0, 1) : dtypes) {
    const lengths = quick ? [512] : [64, 256, 512, 1024, 4096, 8192];
    const causal: Row[] = [];
    for (const length of lengths) causal.push(await measure(python, dtype, length, 1, quick));
    rows.push(...causal, ...(quick ? [] : [memorySlope(dtype, causal)]));
    const [length, counts] = quick ? [512, [4]] : [4096, [4, 16, 64]];
    for (const count of counts) rows.push(await measure(python, dtype, length, count, quick));
  }
  return rows;
}

async function measure(python: string, dtype: DType, length: number, documents: number, quick: boolean): Promise<Row> {
  const side = (name: string) => () =>
    run(python, ['scripts/bench/peers/attention.py', name, dtype, String(length), String(documents)]);
  const { ours, peer } = await alternate(quick ? 1 : 2, { ours: side('ours'), peer: side('peer') });
  return rowOf(dtype, length, documents, ours, peer);
}

function rowOf(dtype: DType, length: number, documents: number, ours: readonly Run[], peer: readonly Run[]): Row {
  const [seconds, peerSeconds] = [least(ours, 'seconds'), least(peer, 'seconds')];
  const tokens = least(ours, 'tokens');
  const gap = Math.abs(least(ours, 'check') / least(peer, 'check') - 1);
  return {
    name: `C5, attention ${dtype}, ${length} tokens${documents > 1 ? ` in ${documents} documents` : ''}`,
    ours: rounded((1e6 * seconds) / tokens),
    unit: 'µs of CPU time a token',
    ...(length >= 512 && { mark: MARKS[dtype] }),
    peer: rounded((1e6 * peerSeconds) / tokens),
    ratio: rounded(peerSeconds / seconds),
    agrees: gap < TOLERANCES[dtype],
    notes: {
      gap,
      length,
      extraMB: megabytes(least(ours, 'bytes')),
      peerExtraMB: megabytes(least(peer, 'bytes')),
    },
  };
}

/** How memory grows with the length, where one text fills a pass. */
function memorySlope(dtype: DType, rows: readonly Row[]): Row {
  const points = rows.flatMap(({ notes }): [number, number][] =>
    Number(notes.length) >= 4096 ? [[Number(notes.length), Number(notes.extraMB)]] : [],
  );
  const name = `C5, attention ${dtype}, memory by tokens`;
  return { name, ours: rounded(slopeOf(points)), unit: 'log-log slope', mark: 'at most 1.05', notes: {} };
}
