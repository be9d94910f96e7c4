import { raise } from '../../core/index.js';
import { dims, noGrad, scope, zeros } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';

/** Keys and values of the tokens so far. */
export interface KeysAndValues {
  /** `[B, K, S, D]`; heads and width may be others than those of the values. */
  keys: Tensor;
  /** `[B, K, S, D]`. */
  values: Tensor;
}

/** The least number of positions a cache makes room for. */
const SMALLEST_ROOM = 32;

/** One layer's keys and values in growing blocks; it owns its memory until {@link KeyValueCache.dispose}. */
export class KeyValueCache {
  /** Where the next tokens go, `[T]`, int64: {@link KeyValueCache.append} then works in place and gives out all room. */
  places: Tensor | undefined;
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

  /** Where the memory is; undefined before the first tokens. */
  get device(): string | undefined {
    return this.room?.keys.device;
  }

  /** Positions there is room for, none before the first tokens. */
  get capacity(): number {
    return this.room?.keys.shape[2] ?? 0;
  }

  /**
   * Adds the keys and values of T tokens and returns all S + T so far, as views that carry no gradient.
   * @param keys - `[B, K, T, D]`
   * @param values - `[B, K, T, D]`
   * @remarks Written at {@link KeyValueCache.places}, what comes after them in the result is not there yet: mask it.
   */
  append(keys: Tensor, values: Tensor): KeysAndValues {
    const { T } = dims(keys, 'B K T D');
    if (this.places !== undefined) return this.writeAt(this.places, keys, values);
    const room = this.makeRoom({ keys, values }, this.used + T);
    return noGrad(() =>
      scope(() => {
        room.keys.narrow(2, this.used, T).copy_(keys);
        room.values.narrow(2, this.used, T).copy_(values);
        this.used += T;
        return { keys: room.keys.narrow(2, 0, this.used), values: room.values.narrow(2, 0, this.used) };
      }),
    );
  }

  /** Counts tokens that were written by a replay. */
  count(tokens: number): void {
    this.used += tokens;
  }

  /** Makes room for `length` positions in all; what lies behind those held is zero. */
  reserve(length: number): void {
    const { room } = this;
    if (room === undefined || this.capacity >= length) return;
    this.grow(room, room, length);
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

  private writeAt(places: Tensor, keys: Tensor, values: Tensor): KeysAndValues {
    const room = this.room ?? raise('PAL_ARGUMENT', noRoom());
    noGrad(() => {
      room.keys.indexCopy_(2, places, keys);
      room.values.indexCopy_(2, places, values);
    });
    this.used += places.numel;
    return room;
  }

  private makeRoom(like: KeysAndValues, needed: number): KeysAndValues {
    const current = this.room;
    if (current !== undefined && this.capacity >= needed) return current;
    return this.grow(like, current, Math.max(SMALLEST_ROOM, 2 ** Math.ceil(Math.log2(needed))));
  }

  private grow(like: KeysAndValues, current: KeysAndValues | undefined, capacity: number): KeysAndValues {
    this.room = { keys: roomFor(like.keys, capacity), values: roomFor(like.values, capacity) };
    if (current !== undefined) moveInto(this.room, current, this.used);
    return this.room;
  }
}

/** Zeros, so that what a mask hides is finite: 0 · NaN would be NaN. */
function roomFor(like: Tensor, capacity: number): Tensor {
  const { B, K, D } = dims(like, 'B K T D');
  return zeros([B, K, capacity, D], { dtype: like.dtype, device: like.device }).keep();
}

function noRoom() {
  const fix = 'Read the first tokens without places.';
  return { where: 'KeyValueCache.append', expected: 'room to write in', received: 'an empty cache', fix };
}

function moveInto(room: KeysAndValues, current: KeysAndValues, used: number): void {
  for (const part of ['keys', 'values'] as const) {
    noGrad(() => scope(() => void room[part].narrow(2, 0, used).copy_(current[part].narrow(2, 0, used))));
    current[part].dispose();
  }
}
