import { cat, noGrad, zeros } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { computeHeadCoherence } from '../prefix-metrics/head-coherence.js';
import type { PhiShortfall } from './delta-phi.js';
import type { MemoryState } from './memory-state.js';

/** The names of the components of phi in figures. */
const COMPONENTS = ['Temporal', 'Integration', 'Participation', 'Attention'] as const;

/** How a memory was at work in a piece; all but the shortfall without gradients. */
export interface PieceFigures extends Partial<PhiShortfall> {
  /** Means over the positions, scalars `[]`: what the gate lets through, and |g·r| / |x|. */
  gate: Tensor;
  contribution: Tensor;
  /** Of the heads, at one position a chunk, a scalar `[]`; only where attention is read. */
  coherence?: Tensor;
  /** Of the chunks of its table, `[B, J]`, and which of them end in it. */
  phi: Tensor;
  completes: Tensor;
  /** `[B, J, 4]`; only where priority is phi. */
  components?: Tensor;
  /** Entries written and dropped, and the share of the slots that holds something after it: means over rows, `[]`. */
  writes: Tensor;
  evictions: Tensor;
  occupancy: Tensor;
}

/** What a memory did to the positions of a piece. */
export interface MemoryWork {
  /** The states before, `[B, n, C]`. */
  x: Tensor;
  /** The gate, `[B, n, 1]` or `[1]`. */
  share: Tensor;
  /** What was added, g·r, `[B, n, C]`. */
  added: Tensor;
  /** `[B, H, n, S]` a block. */
  attention: readonly Tensor[];
  /** Positions from one measured row of attention to the next. */
  every: number;
}

/**
 * Measures the work of a memory.
 * @param work - on the positions of a piece
 * @returns scalars without gradients
 */
export function measureWork(work: MemoryWork): Pick<PieceFigures, 'gate' | 'contribution' | 'coherence'> {
  return noGrad(() => {
    const { x, share, added } = work;
    const lengths = x.to(added.dtype).norm(2, -1).clamp({ min: 1e-12 }); // B n
    const contribution = added.norm(2, -1).div(lengths).mean();
    return { gate: share.mean(), contribution, ...measureCoherence(work) };
  });
}

/** The mean over blocks of the coherence of their heads at every c-th position, or at the last. */
function measureCoherence({ attention, every }: MemoryWork): { coherence?: Tensor } {
  if (attention.length === 0) return {};
  const parts = attention.map((weights) => {
    const [B, H, n, S] = weights.shape as [number, number, number, number];
    const count = Math.floor(n / every);
    const rows =
      count === 0
        ? weights.narrow(2, n - 1, 1)
        : weights
            .narrow(2, 0, count * every)
            .reshape(B, H, count, every, S)
            .select(3, every - 1);
    return computeHeadCoherence(rows).mean();
  });
  return { coherence: parts.reduce((sum, part) => sum.add(part)).div(parts.length) };
}

/**
 * The figures of a pass: means over its positions, and over the chunks that ended in it.
 * @param pieces - in order
 * @returns scalars `[]` by name
 */
export function summarizePieces(pieces: readonly PieceFigures[]): Record<string, Tensor> {
  const join = (of: (piece: PieceFigures) => Tensor): Tensor => cat(pieces.map(of), 1);
  const counted = join(({ completes }) => completes);
  const averageChunks = (values: Tensor): Tensor => {
    const shares = counted.to(values.dtype);
    return values
      .mul(shares)
      .sum()
      .div(shares.sum().clamp({ min: 1 }));
  };
  const components = pieces.flatMap((piece) => piece.components ?? []);
  const add = (values: Tensor[]): Tensor => values.reduce((sum, value) => sum.add(value));
  const average = (values: Tensor[]): Tensor => add(values).div(values.length);
  const coherence = pieces.flatMap((piece) => piece.coherence ?? []);
  const all = components.length === 0 ? undefined : cat(components, 1); // B J 4
  return {
    gate: average(pieces.map(({ gate }) => gate)),
    contribution: average(pieces.map(({ contribution }) => contribution)),
    writes: add(pieces.map(({ writes }) => writes)),
    evictions: add(pieces.map(({ evictions }) => evictions)),
    occupancy: pieces.at(-1)!.occupancy,
    ...(coherence.length > 0 && { coherence: average(coherence) }),
    ...(all && { phi: averageChunks(join(({ phi }) => phi)) }),
    ...(all &&
      nameComponents(
        'phi',
        cat(
          [0, 1, 2, 3].map((i) => averageChunks(all.select(2, i)).reshape([1])),
          0,
        ),
      )),
  };
}

/**
 * What became of the slots in a piece.
 * @param before - the memory before it
 * @param after - the memory after it
 * @param slots - N
 * @returns means over rows
 */
export function measureSlots(
  before: MemoryState,
  after: MemoryState,
  slots: number,
): Pick<PieceFigures, 'writes' | 'evictions' | 'occupancy'> {
  const average = (counts: Tensor): Tensor => counts.to('float32').mean();
  return noGrad(() => ({
    writes: average(after.writes.sub(before.writes)),
    evictions: average(after.evictions.sub(before.evictions)),
    occupancy:
      after.slots?.occupied.to('float32').sum(1).mean().div(slots) ?? zeros([], { device: after.writes.device }),
  }));
}

/**
 * Four values by the names of the components.
 * @param prefix - in front of each name
 * @param values - `[4]`
 * @returns scalars `[]`, as `phiTemporal`
 */
export function nameComponents(prefix: string, values: Tensor): Record<string, Tensor> {
  return Object.fromEntries(COMPONENTS.map((name, i) => [`${prefix}${name}`, values.select(0, i)]));
}
