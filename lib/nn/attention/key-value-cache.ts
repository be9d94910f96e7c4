import { dims, empty, noGrad, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';

/** Keys and values of the tokens so far. */
export interface KeysAndValues {
  /** `[B, K, S, D]`. */
  keys: Tensor;
  /** `[B, K, S, D]`. */
  values: Tensor;
}

/** The least number of positions a cache makes room for. */
const SMALLEST_ROOM = 32;

/** One layer's keys and values in growing blocks; it owns its memory until {@link KeyValueCache.dispose}. */
export class KeyValueCache {
  private room: KeysAndValues | undefined;
  private used = 0;

  /** Positions held, S. */
  get length(): number {
    return this.used;
  }

  /** Bytes of memory held. */
  get bytes(): number {
    return this.room === undefined ? 0 : this.room.keys.bytes + this.room.values.bytes;
  }

  /**
   * Adds the keys and values of T tokens and returns all S + T so far, as views that carry no gradient.
   * @param keys - `[B, K, T, D]`
   * @param values - `[B, K, T, D]`
   */
  append(keys: Tensor, values: Tensor): KeysAndValues {
    const { T } = dims(keys, 'B K T D');
    const room = this.makeRoom(keys, this.used + T);
    return noGrad(() =>
      scope(() => {
        room.keys.narrow(2, this.used, T).copy_(keys);
        room.values.narrow(2, this.used, T).copy_(values);
        this.used += T;
        return { keys: room.keys.narrow(2, 0, this.used), values: room.values.narrow(2, 0, this.used) };
      }),
    );
  }

  /** A cache with each sequence of this one repeated `times` times. */
  fork(times: number): KeyValueCache {
    const copy = new KeyValueCache();
    if (this.room === undefined) return copy;
    const repeated = (tensor: Tensor) => noGrad(() => tensor.repeatInterleave(times, 0)).keep();
    copy.room = { keys: repeated(this.room.keys), values: repeated(this.room.values) };
    copy.used = this.used;
    return copy;
  }

  /** Frees the memory. */
  dispose(): void {
    this.room?.keys.dispose();
    this.room?.values.dispose();
    this.room = undefined;
    this.used = 0;
  }

  private makeRoom(like: Tensor, needed: number): KeysAndValues {
    const current = this.room;
    if (current !== undefined && (current.keys.shape[2] ?? 0) >= needed) return current;
    const capacity = Math.max(SMALLEST_ROOM, 2 ** Math.ceil(Math.log2(needed)));
    this.room = { keys: grown(like, capacity), values: grown(like, capacity) };
    if (current !== undefined) moveInto(this.room, current, this.used);
    return this.room;
  }
}

function grown(like: Tensor, capacity: number): Tensor {
  const { B, K, D } = dims(like, 'B K T D');
  return empty([B, K, capacity, D], { dtype: like.dtype, device: like.device }).keep();
}

function moveInto(room: KeysAndValues, current: KeysAndValues, used: number): void {
  for (const part of ['keys', 'values'] as const) {
    noGrad(() => scope(() => void room[part].narrow(2, 0, used).copy_(current[part].narrow(2, 0, used))));
    current[part].dispose();
  }
}
