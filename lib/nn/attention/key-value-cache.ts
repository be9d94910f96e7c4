import { raise } from '../../core/index.js';
import { aten, cat, dims, noGrad, scope, tensor, zeros } from '../../tensor/index.js';
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
  /**
   * Positions of the next tokens, `[T]` for all sequences or `[B, T]` for each, int64: {@link KeyValueCache.append} then
   * writes in place and returns the whole capacity.
   */
  cachePositions: Tensor | undefined;
  private held: KeysAndValues | undefined;
  private filled = 0;

  /** Positions held by the longest sequence, S. */
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
   * @param keys - `[B, K, T, D]`, floating; the first tokens decide on the dtype and device of the cache
   * @param values - `[B, K, T, D]`, floating
   * @returns keys and values, each `[B, K, S + T, D]`; at positions the whole capacity, `[B, K, capacity, D]`
   * @throws ArgumentError at positions before the first tokens
   * @remarks Written at {@link KeyValueCache.cachePositions}, what comes after them in the result is not there yet:
   *   mask it.
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

  /** Holds no more than `length` positions; what comes after them is written over. */
  truncate(length: number): void {
    this.filled = Math.min(this.filled, length);
  }

  /** The keys and values so far, `[B, K, S, D]`, shared; none before the first tokens. */
  tensors(): Partial<KeysAndValues> {
    const { held, filled } = this;
    return held === undefined ? {} : { keys: held.keys.narrow(2, 0, filled), values: held.values.narrow(2, 0, filled) };
  }

  /**
   * A cache with some of the sequences.
   * @param rows - from 0 to B − 1, in the order they get
   * @returns keys and values of `[rows.length, K, S, D]`, copied
   */
  select(rows: readonly number[]): KeyValueCache {
    return this.copy((held) => held.indexSelect(0, toIndex(rows, held.device)), this.filled);
  }

  /**
   * A cache with the sequences of this one, and after them those of another, which has held tokens too.
   * @param other - of the same heads, widths and dtype
   * @returns keys and values of `[B + B of the other, K, S, D]`, copied, the shorter ones with zeros at the end
   */
  concat(other: KeyValueCache): KeyValueCache {
    const length = Math.max(this.filled, other.filled);
    const joined = new KeyValueCache();
    joined.held = noGrad(() =>
      scope(() => {
        const [mine, theirs] = [this, other].map((cache) => cache.tensors()) as [KeysAndValues, KeysAndValues];
        return {
          keys: concatPadded(mine.keys, theirs.keys, length),
          values: concatPadded(mine.values, theirs.values, length),
        };
      }),
    );
    joined.held.keys.keep();
    joined.held.values.keep();
    joined.filled = length;
    return joined;
  }

  /**
   * A cache with each sequence of this one repeated.
   * @param times - how often each stands in a row, a positive integer
   * @returns keys and values of `[B · times, K, S, D]`, copied
   */
  fork(times: number): KeyValueCache {
    return this.copy((held) => held.repeatInterleave(times, 0), this.filled);
  }

  /** Frees the memory. */
  dispose(): void {
    this.held?.keys.dispose();
    this.held?.values.dispose();
    this.held = undefined;
    this.filled = 0;
  }

  private copy(of: (held: Tensor) => Tensor, filled: number): KeyValueCache {
    const copy = new KeyValueCache();
    if (this.held === undefined) return copy;
    const keep = (held: Tensor) => noGrad(() => scope(() => of(held))).keep();
    copy.held = { keys: keep(this.held.keys), values: keep(this.held.values) };
    copy.filled = filled;
    return copy;
  }

  private writeAtPositions(cachePositions: Tensor, keys: Tensor, values: Tensor): KeysAndValues {
    const buffers = this.held ?? raise('PAL_ARGUMENT', describeEmptyCache());
    noGrad(() => {
      writeAt(buffers.keys, cachePositions, keys);
      writeAt(buffers.values, cachePositions, values);
    });
    this.filled += keys.size(2);
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

/** Writes tokens at the positions `[T]` of all sequences, or `[B, T]` of each. */
function writeAt(buffer: Tensor, positions: Tensor, source: Tensor): void {
  if (positions.shape.length === 1) return void buffer.indexCopy_(2, positions, source);
  scope(() => void buffer.scatter_(2, positions.unsqueeze(1).unsqueeze(-1).expand(source.shape), source)); // B K T D
}

/** Both tensors `[B, K, S, D]` in one, each with zeros up to `length` positions. */
function concatPadded(a: Tensor, b: Tensor, length: number): Tensor {
  const pad = (x: Tensor) => aten.constant_pad_nd(x, [0, 0, 0, length - x.size(2)]);
  return cat([pad(a), pad(b)], 0);
}

function toIndex(rows: readonly number[], device: string): Tensor {
  return tensor([...rows], { dtype: 'int64', device });
}
