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
  readonly #units: number[] = [];
  readonly #next: number[] = [];

  /** @param capacity - the most different shingles */
  constructor(capacity: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, capacity * 2)));
    this.#mask = slots - 1;
    this.#a = new Uint32Array(slots);
    this.#b = new Uint32Array(slots);
    this.#heads = new Uint32Array(slots);
  }

  /** The number of entries: pairs of shingle and unit. */
  get size(): number {
    return this.#units.length;
  }

  /** Adds a shingle of a unit; units are added one after another. Returns whether it is new to the unit. */
  add(a: number, b: number, unit: number): boolean {
    const slot = this.#slot(a, b);
    const head = this.#heads[slot]!;
    if (head > 0 && this.#units[head - 1] === unit) return false;
    [this.#a[slot], this.#b[slot]] = [a, b];
    this.#units.push(unit);
    this.#next.push(head);
    this.#heads[slot] = this.#units.length;
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
}
