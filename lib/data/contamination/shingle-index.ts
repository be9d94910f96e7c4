/** Of so many units that hold a shingle a reference would be compared with all, each time the shingle occurs there. */
const MOST_UNITS = 255;

/**
 * Finds the units that hold a shingle: an open-addressing table of 64-bit hashes, each with the list of its units. A unit
 * that holds a shingle twice is listed once.
 */
export class ShingleIndex {
  readonly #mask: number;
  readonly #a: Uint32Array;
  readonly #b: Uint32Array;
  /** The first entry of each slot, plus one; 0 where the slot is free. */
  readonly #heads: Uint32Array;
  /** The units of each slot, where they are limited. */
  readonly #counts: Uint8Array | undefined;
  #units = new Uint32Array(1024);
  #next = new Uint32Array(1024);
  #size = 0;

  /**
   * Makes an empty index.
   *
   * @param capacity - the most different shingles
   * @param limited - leaves a shingle out of further units once 255 have it: it stands for none of them
   */
  constructor(capacity: number, limited = false) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, capacity * 2)));
    this.#mask = slots - 1;
    this.#a = new Uint32Array(slots);
    this.#b = new Uint32Array(slots);
    this.#heads = new Uint32Array(slots);
    this.#counts = limited ? new Uint8Array(slots) : undefined;
  }

  /** The number of entries: pairs of shingle and unit. */
  get size(): number {
    return this.#size;
  }

  /** Adds a shingle of a unit; units are added one after another. Returns whether it is listed anew. */
  add(a: number, b: number, unit: number): boolean {
    const slot = this.#slot(a, b);
    const head = this.#heads[slot]!;
    if (head > 0 && this.#units[head - 1] === unit) return false;
    if (this.#counts !== undefined && this.#counts[slot]!++ === MOST_UNITS) {
      this.#counts[slot] = MOST_UNITS;
      return false;
    }
    if (this.#size === this.#units.length) this.#grow();
    this.#a[slot] = a;
    this.#b[slot] = b;
    this.#units[this.#size] = unit;
    this.#next[this.#size] = head;
    this.#heads[slot] = ++this.#size;
    return true;
  }

  /** The first entry of a shingle, plus one; 0 when there is none. */
  first(a: number, b: number): number {
    return this.#heads[this.#slot(a, b)]!;
  }

  /** The entry after one, plus one; 0 at the end. */
  after(entry: number): number {
    return this.#next[entry - 1]!;
  }

  /** The unit of an entry. */
  unitOf(entry: number): number {
    return this.#units[entry - 1]!;
  }

  #slot(a: number, b: number): number {
    let slot = a & this.#mask;
    while (this.#heads[slot] !== 0 && (this.#a[slot] !== a || this.#b[slot] !== b)) slot = (slot + 1) & this.#mask;
    return slot;
  }

  #grow(): void {
    const [units, next] = [new Uint32Array(this.#size * 2), new Uint32Array(this.#size * 2)];
    units.set(this.#units);
    next.set(this.#next);
    [this.#units, this.#next] = [units, next];
  }
}
