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

/** The smallest capacity of a cache, in positions. */
const MIN_CAPACITY = 32;

/** One layer's keys and values in growing blocks; it owns its memory until {@link KeyValueCache.dispose}. */
export class KeyValueCache {
  /** Positions of the next tokens, `[T]`, int64: {@link KeyValueCache.append} then writes in place and returns the whole capacity. */
  cachePositions: Tensor | undefined;
  private held: KeysAndValues | undefined;
  private filled = 0;

  /** Positions held, S. */
  get length(): number {
    return this.filled;
  }

  /** Bytes of memory held. */
  get bytes(): number {
    return this.held === undefined ? 0 : this.held.keys.bytes + this.held.values.bytes;
  }

  /** The device of the memory; undefined before the first tokens. */
  get device(): string | undefined {
    return this.held?.keys.device;
  }

  /** Positions that fit before memory grows, 0 before the first tokens. */
  get capacity(): number {
    return this.held?.keys.shape[2] ?? 0;
  }

  /**
   * Adds the keys and values of T tokens and returns all S + T so far, as views that carry no gradient.
   * @param keys - `[B, K, T, D]`
   * @param values - `[B, K, T, D]`
   * @remarks Written at {@link KeyValueCache.cachePositions}, what comes after them in the result is not there yet: mask it.
   */
  append(keys: Tensor, values: Tensor): KeysAndValues {
    const { T } = dims(keys, 'B K T D');
    if (this.cachePositions !== undefined) return this.writeAtPositions(this.cachePositions, keys, values);
    const buffers = this.ensureCapacity({ keys, values }, this.filled + T);
    return noGrad(() =>
      scope(() => {
        buffers.keys.narrow(2, this.filled, T).copy_(keys);
        buffers.values.narrow(2, this.filled, T).copy_(values);
        this.filled += T;
        return { keys: buffers.keys.narrow(2, 0, this.filled), values: buffers.values.narrow(2, 0, this.filled) };
      }),
    );
  }

  /** Counts tokens that were written by a replay. */
  count(tokens: number): void {
    this.filled += tokens;
  }

  /** Grows the capacity to `length` positions; those not yet filled are zero. */
  reserve(length: number): void {
    const { held } = this;
    if (held === undefined || this.capacity >= length) return;
    this.grow(held, held, length);
  }

  /** A cache with each sequence of this one repeated `times` times. */
  fork(times: number): KeyValueCache {
    const copy = new KeyValueCache();
    if (this.held === undefined) return copy;
    const repeated = (tensor: Tensor) => noGrad(() => tensor.repeatInterleave(times, 0)).keep();
    copy.held = { keys: repeated(this.held.keys), values: repeated(this.held.values) };
    copy.filled = this.filled;
    return copy;
  }

  /** Frees the memory. */
  dispose(): void {
    this.held?.keys.dispose();
    this.held?.values.dispose();
    this.held = undefined;
    this.filled = 0;
  }

  private writeAtPositions(cachePositions: Tensor, keys: Tensor, values: Tensor): KeysAndValues {
    const buffers = this.held ?? raise('PAL_ARGUMENT', describeEmptyCache());
    noGrad(() => {
      buffers.keys.indexCopy_(2, cachePositions, keys);
      buffers.values.indexCopy_(2, cachePositions, values);
    });
    this.filled += cachePositions.numel;
    return buffers;
  }

  private ensureCapacity(like: KeysAndValues, needed: number): KeysAndValues {
    const current = this.held;
    if (current !== undefined && this.capacity >= needed) return current;
    return this.grow(like, current, Math.max(MIN_CAPACITY, 2 ** Math.ceil(Math.log2(needed))));
  }

  private grow(like: KeysAndValues, current: KeysAndValues | undefined, capacity: number): KeysAndValues {
    this.held = { keys: allocate(like.keys, capacity), values: allocate(like.values, capacity) };
    if (current !== undefined) moveKeysAndValues(this.held, current, this.filled);
    return this.held;
  }
}

/** Zeros, so that what a mask hides is finite: 0 · NaN would be NaN. */
function allocate(like: Tensor, capacity: number): Tensor {
  const { B, K, D } = dims(like, 'B K T D');
  return zeros([B, K, capacity, D], { dtype: like.dtype, device: like.device }).keep();
}

function describeEmptyCache() {
  const fix = 'Append the first tokens without cachePositions.';
  return { where: 'KeyValueCache.append', expected: 'a capacity to write to', received: 'an empty cache', fix };
}

function moveKeysAndValues(target: KeysAndValues, current: KeysAndValues, used: number): void {
  for (const name of ['keys', 'values'] as const) {
    noGrad(() => scope(() => void target[name].narrow(2, 0, used).copy_(current[name].narrow(2, 0, used))));
    current[name].dispose();
  }
}
