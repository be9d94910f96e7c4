import { full, where } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { chooseEntries, joinEntries, pickEntries } from './entries.js';
import type { Entries } from './entries.js';

/** The bonus of recent entries, and the chunks until it has fallen to 1/e. */
const RECENCY = { bonus: 0.1, chunks: 100 };

/** What a merge needs beside the tables. */
export interface MergeInputs {
  /** The number of the next chunk in the stream, `[B, 1]` or `[1, 1]`, int64. */
  now: Tensor;
  /** N. */
  slots: number;
  /** τ, chunks until priority has fallen to 1/e; 0: never. */
  decayChunks: number;
}

/** The entries kept, and what came and went, `[B]`, int64. */
export interface Merged {
  slots: Entries;
  writes: Tensor;
  evictions: Tensor;
}

/**
 * Joins the chunks that passed with the slots and keeps the N of highest p · exp(−age/τ) + 0.1 · exp(−age/100).
 * @param slots - of earlier segments; none before the first has ended
 * @param chunks - of the segment, `occupied` where they passed
 * @param inputs - age and sizes
 * @returns at most N entries, zeros where there is none
 */
export function mergeMemory(slots: Entries | undefined, chunks: Entries, inputs: MergeInputs): Merged {
  const all = joinEntries(slots, chunks);
  const [B, M] = all.occupied.shape as [number, number];
  const old = slots?.occupied.size(1) ?? 0;
  const value = where(all.occupied, computeEffectivePriority(all, inputs), -1e30).detach();
  const { indices } = value.topk(Math.min(inputs.slots, M), 1);
  const picked = pickEntries(all, indices);
  const kept = chooseEntries(picked.occupied, picked);
  const wasOld = indices.lt(old);
  const count = (mask: Tensor): Tensor => mask.to('int64').sum(1);
  const before = slots === undefined ? full([B], 0, { dtype: 'int64', device: value.device }) : count(slots.occupied);
  return {
    slots: kept,
    writes: count(kept.occupied.logicalAnd(wasOld.logicalNot())),
    evictions: before.sub(count(kept.occupied.logicalAnd(wasOld))),
  };
}

/** e, `[B, M]`. */
function computeEffectivePriority({ priority, birth }: Entries, { now, decayChunks }: MergeInputs): Tensor {
  const age = now.sub(birth).to(priority.dtype);
  const faded = decayChunks === 0 ? priority : priority.mul(age.div(-decayChunks).exp());
  return faded.add(age.div(-RECENCY.chunks).exp().mul(RECENCY.bonus));
}

/**
 * Entries whose keys, values, strength and phi pass gradients only where they are young.
 * @param entries - M of them
 * @param isAttached - `[B, M]`, bool
 * @returns the same values
 */
export function detachOld(entries: Entries, isAttached: Tensor): Entries {
  const detached = Object.fromEntries(
    Object.entries(entries).map(([name, part]: [string, Tensor]) => [name, part.detach()]),
  ) as unknown as Entries;
  return chooseEntries(isAttached, entries, detached);
}
