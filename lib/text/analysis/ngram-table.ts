const { imul } = Math;
const FIRST_CAPACITY = 2 ** 12;

/** Some ids in a row, and how often they came. */
export interface CountedIds {
  ids: number[];
  count: number;
}

/**
 * Counts n-grams of ids in bounded memory.
 *
 * If there are more different n-grams than may be kept, the rarest are dropped; a count is then too small by at most
 * `undercount`, and n-grams that were common from the start are counted exactly.
 *
 * @see https://www.vldb.org/conf/2002/S10P03.pdf Manku and Motwani, lossy counting
 */
export class NgramTable {
  readonly #n: number;
  readonly #maxEntries: number;
  #keys: Uint32Array;
  #counts: Uint32Array;
  /** The most that an entry may have missed before it came in. */
  #missed: Uint32Array;
  #used = 0;
  /** All n-grams. */
  total = 0;
  /** The most by which a count may be too small. */
  undercount = 0;

  constructor(n: number, maxEntries: number) {
    this.#n = n;
    this.#maxEntries = maxEntries;
    [this.#keys, this.#counts, this.#missed] = this.#arrays(FIRST_CAPACITY);
  }

  /** The number of different n-grams that are kept. */
  get size(): number {
    return this.#used;
  }

  /** Counts the n-gram of a list that ends at an index. */
  add(ids: readonly number[], end: number): void {
    const slot = this.#find(ids, end - this.#n);
    if (this.#counts[slot] === 0) {
      this.#keys.set(ids.slice(end - this.#n, end), slot * this.#n);
      this.#missed[slot] = this.undercount;
      this.#used++;
    }
    this.#counts[slot]!++;
    this.total++;
    if (this.#used > this.#counts.length / 2) this.#makeRoom();
  }

  /** The n-grams that came at least as often as the k-th commonest. */
  commonest(k: number): CountedIds[] {
    const ranked = this.#counts.filter((count) => count > 0).sort();
    const least = ranked[Math.max(0, ranked.length - k)] ?? Infinity;
    const found: CountedIds[] = [];
    this.#counts.forEach((count, slot) => {
      if (count >= least && count > 0) found.push({ ids: [...this.#key(slot)], count });
    });
    return found;
  }

  #arrays(capacity: number): [Uint32Array, Uint32Array, Uint32Array] {
    return [new Uint32Array(capacity * this.#n), new Uint32Array(capacity), new Uint32Array(capacity)];
  }

  #key(slot: number): Uint32Array {
    return this.#keys.subarray(slot * this.#n, (slot + 1) * this.#n);
  }

  /** The slot of an n-gram, or the free one where it belongs. */
  #find(ids: ArrayLike<number>, start: number): number {
    const mask = this.#counts.length - 1;
    let hash = 0;
    for (let i = 0; i < this.#n; i++) hash = imul(hash ^ ids[start + i]!, 0x9e3779b1) ^ (hash >>> 15);
    let slot = (hash ^ (hash >>> 16)) & mask;
    while (this.#counts[slot] !== 0 && !this.#holds(slot, ids, start)) slot = (slot + 1) & mask;
    return slot;
  }

  #holds(slot: number, ids: ArrayLike<number>, start: number): boolean {
    for (let i = 0; i < this.#n; i++) if (this.#keys[slot * this.#n + i] !== ids[start + i]) return false;
    return true;
  }

  #makeRoom(): void {
    const capacity = this.#counts.length;
    if (capacity < this.#maxEntries * 2) {
      this.#rebuild(capacity * 2);
      return;
    }
    while (this.#used > capacity / 4) {
      this.undercount++;
      this.#rebuild(capacity);
    }
  }

  /** Puts the entries that are not too rare into new arrays. */
  #rebuild(capacity: number): void {
    const [keys, counts, missed] = [this.#keys, this.#counts, this.#missed];
    [this.#keys, this.#counts, this.#missed] = this.#arrays(capacity);
    this.#used = 0;
    counts.forEach((count, old) => {
      if (count === 0 || count + missed[old]! <= this.undercount) return;
      const slot = this.#find(keys, old * this.#n);
      this.#keys.set(keys.subarray(old * this.#n, (old + 1) * this.#n), slot * this.#n);
      this.#counts[slot] = count;
      this.#missed[slot] = missed[old]!;
      this.#used++;
    });
  }
}
