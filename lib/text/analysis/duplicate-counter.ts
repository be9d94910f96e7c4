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

  /** Takes a text. */
  add(text: string): void {
    const hasher = new TextHasher();
    hasher.add(text);
    this.addHash(hasher.take());
  }

  /** Takes a text by its hash of a {@link TextHasher}. */
  addHash(hash: number): void {
    this.#total++;
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

/** A hash of 53 bits over UTF-16 units of texts, which may come in parts. */
export class TextHasher {
  #a = 0x9e3779b9;
  #b = 0x85ebca6b;
  #length = 0;

  /** Takes the next part of a text. */
  add(text: string): void {
    let [a, b] = [this.#a, this.#b];
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      a = imul(a ^ unit, 0x01000193);
      b = imul(b ^ unit, 0x5bd1e995);
      b ^= b >>> 15;
    }
    [this.#a, this.#b] = [a, b];
    this.#length += text.length;
  }

  /** The hash of what was added; the next part begins another text. */
  take(): number {
    const mixed = this.#a ^ this.#length;
    const a = imul(mixed ^ (mixed >>> 16), 0x7feb352d);
    const b = imul(this.#b ^ (this.#b >>> 13), 0x846ca68b);
    [this.#a, this.#b, this.#length] = [0x9e3779b9, 0x85ebca6b, 0];
    return (b >>> 0) * 2 ** 21 + ((a ^ (a >>> 15)) >>> 11);
  }
}
