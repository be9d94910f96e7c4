const { imul } = Math;

/** Repeated texts of a corpus. */
export interface Duplicates {
  /** The number of texts. */
  total: number;
  /** Those that repeat an earlier one; an estimate when not all were compared. */
  repeated: number;
  share: number;
  /** The part that was compared: 1 is all. */
  sampled: number;
}

/** Finds repeated texts by 53-bit hashes, in bounded memory: where there are too many, only every second hash counts. */
export class DuplicateCounter {
  readonly #counts = new Map<number, number>();
  readonly #maxEntries: number;
  #total = 0;
  #every = 1;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  add(text: string): void {
    this.#total++;
    const hash = hashText(text);
    if (hash % this.#every !== 0) return;
    this.#counts.set(hash, (this.#counts.get(hash) ?? 0) + 1);
    if (this.#counts.size > this.#maxEntries) this.#thinOut();
  }

  get result(): Duplicates {
    let seen = 0;
    for (const count of this.#counts.values()) seen += count;
    const share = seen === 0 ? 0 : (seen - this.#counts.size) / seen;
    return { total: this.#total, repeated: Math.round(share * this.#total), share, sampled: 1 / this.#every };
  }

  #thinOut(): void {
    this.#every *= 2;
    for (const hash of this.#counts.keys()) if (hash % this.#every !== 0) this.#counts.delete(hash);
  }
}

/** A hash of 53 bits over UTF-16 units. */
function hashText(text: string): number {
  let [a, b] = [0x9e3779b9 ^ text.length, 0x85ebca6b];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = imul(a ^ unit, 0x01000193);
    b = imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 15;
  }
  a = imul(a ^ (a >>> 16), 0x7feb352d);
  b = imul(b ^ (b >>> 13), 0x846ca68b);
  return (b >>> 0) * 2 ** 21 + ((a ^ (a >>> 15)) >>> 11);
}
