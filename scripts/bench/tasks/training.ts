import { join } from 'node:path';

import { machine } from '../machine.js';
import { peersPython, run, typescript } from '../processes.js';
import type { Run } from '../processes.js';
import { alternate, figure, least, megabytes, rounded, withFolder } from '../rows.js';
import type { Benchmark, Row } from '../rows.js';

type Precision = 'float32' | 'bfloat16';
/** PyTorch as pip gives it, with its fused optimizer, and compiled besides. */
type Variant = 'eager' | 'fused' | 'compiled';
/** What stands to be reached beside PyTorch as pip gives it, and tuned. */
type Marks = Record<'stock' | 'tuned', string>;

/** Where all libraries reach the speed of the processor, less can be won than with AVX-512. */
const MARKS: Record<'avx512' | 'avx2', Record<string, Marks>> = {
  avx512: {
    'C1 float32': { stock: '2.2 ×', tuned: '1.7 ×' },
    'C2 float32': { stock: '1.8 ×', tuned: '0.95 ×' },
    'C2 bfloat16': { stock: '3.5 ×', tuned: '1.2 ×' },
    'C3 float32': { stock: '2.2 ×, memory 0.45 ×', tuned: '1.4 ×' },
    'C3 bfloat16': { stock: '4.2 ×, memory 0.45 ×', tuned: '2.3 ×' },
  },
  avx2: {
    'C1 float32': { stock: '1.7 ×', tuned: 'none' },
    'C2 float32': { stock: '1.4 ×', tuned: 'none' },
    'C3 float32': { stock: '1.4 ×, memory 0.45 ×', tuned: 'none' },
  },
};

/** How far losses may lie apart after 50 steps. */
const TOLERANCES: Record<Precision, number> = { float32: 1e-4, bfloat16: 2e-2 };

/** How much is measured; losses are compared after 50 steps, or after the last of fewer. */
const SIZES = {
  C1: { quick: { steps: 60, warmup: 10, rounds: 1 }, whole: { steps: 300, warmup: 30, rounds: 5 } },
  C2: { quick: { steps: 4, warmup: 1, rounds: 1 }, whole: { steps: 50, warmup: 5, rounds: 3 } },
  C3: { quick: { steps: 3, warmup: 1, rounds: 1 }, whole: { steps: 50, warmup: 5, rounds: 3 } },
};
type Name = keyof typeof SIZES;

const hasBfloat16 = (): boolean => machine().instructionSets.includes('avx512_bf16');

/**
 * The training step of a GPT from the same weights on the same batches, against PyTorch.
 * @param name - the geometry: C1 0.8 M, C2 10.7 M, C3 the same with 50,304 classes
 * @param precisions - of products; bfloat16 is measured where the processor computes in it
 * @returns the benchmark
 */
export function createTrainingBenchmark(name: Name, precisions: readonly Precision[]): Benchmark {
  return async ({ quick }) => {
    const python = peersPython();
    if (python === undefined) return [];
    const { steps, warmup, rounds } = SIZES[name][quick ? 'quick' : 'whole'];
    return withFolder(async (folder) => {
      const file = join(folder, 'start.safetensors');
      await run(python, ['scripts/bench/peers/training.py', name, 'prepare', file, String(Math.min(steps, 60))]);
      const tail = [file, String(steps), String(warmup)];
      const ours = (precision: Precision) => () =>
        run(...typescript('scripts/bench/ours/training.ts', name, precision, ...tail));
      const peer = (variant: Variant, precision: Precision) => () =>
        run(python, ['scripts/bench/peers/training.py', name, variant, precision, ...tail]);
      const rows: Row[] = [];
      for (const precision of precisions.filter((one) => one === 'float32' || hasBfloat16())) {
        const compiled = quick ? undefined : await tryCompiled(peer('compiled', precision));
        const runs = await alternate(rounds, {
          ours: ours(precision),
          stock: peer('eager', 'float32'),
          fused: peer('fused', precision),
          compiled,
        });
        rows.push(...rowsOf(name, precision, runs));
      }
      return rows;
    });
  };
}

/** The compiled peer where it runs; undefined, with the reason printed, where it doesn't. */
async function tryCompiled(peer: () => Promise<Run>): Promise<(() => Promise<Run>) | undefined> {
  try {
    await peer();
    return peer;
  } catch (error) {
    console.error(`No compiled peer: ${(error as Error).message}`);
    return undefined;
  }
}

function rowsOf(name: Name, precision: Precision, runs: Record<'ours' | 'stock' | 'fused' | 'compiled', Run[]>): Row[] {
  const { ours, stock, fused, compiled } = runs;
  const [tuned, how] =
    compiled.length > 0 && figure(compiled, 'seconds') < figure(fused, 'seconds')
      ? ([compiled, 'compiled'] as const)
      : ([fused, 'fused AdamW'] as const);
  const marks = MARKS[machine().instructionSets.includes('avx512f') ? 'avx512' : 'avx2'][`${name} ${precision}`];
  return [
    rowOf(`${name} ${precision}, stock PyTorch`, TOLERANCES[precision], ours, stock, marks?.stock),
    rowOf(`${name} ${precision}, PyTorch tuned (${how})`, TOLERANCES[precision], ours, tuned, marks?.tuned),
  ];
}

function rowOf(name: string, tolerance: number, ours: Run[], peer: Run[], mark: string | undefined): Row {
  const tokens = figure(ours, 'tokens');
  const [seconds, peerSeconds] = [figure(ours, 'seconds'), figure(peer, 'seconds')];
  const lossGap = Math.abs(figure(ours, 'lossAfter50') - figure(peer, 'lossAfter50'));
  const [bytes, peerBytes] = [figure(ours, 'maxRssBytes'), figure(peer, 'maxRssBytes')];
  return {
    name,
    ours: rounded(tokens / seconds),
    unit: 'tokens/s',
    ...(mark !== undefined && { mark }),
    peer: rounded(tokens / peerSeconds),
    ratio: rounded(peerSeconds / seconds),
    agrees: lossGap < tolerance,
    notes: {
      bestRatio: rounded(least(peer, 'bestSeconds') / least(ours, 'bestSeconds')),
      lossGap,
      cpuRatio: rounded(figure(peer, 'cpuSeconds') / figure(ours, 'cpuSeconds')),
      maxRssMB: megabytes(bytes),
      peerMaxRssMB: megabytes(peerBytes),
      shareOfMemory: rounded(bytes / peerBytes),
    },
  };
}
