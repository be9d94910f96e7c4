import { chunkSpan } from '../corpus/input-spans.js';
import type { InputSpan } from '../corpus/input-spans.js';

/** The spans of each row, left to right. */
export type Rows = InputSpan[][];

/** One document after another; what does not fit into a row continues in the next. */
export function packSequentially(spans: readonly InputSpan[], length: number): Rows {
  const rows: Rows = [];
  let capacity = 0;
  for (const { start, count } of spans) {
    for (let done = 0; done < count;) {
      if (capacity === 0) rows.push([]);
      if (capacity === 0) capacity = length;
      const taken = Math.min(capacity, count - done);
      rows.at(-1)!.push({ start: start + done, count: taken });
      done += taken;
      capacity -= taken;
    }
  }
  return rows;
}

/**
 * Longest first, each into the row it fills best. A document is cut only where it is longer than a row.
 *
 * @see https://arxiv.org/abs/2404.10830 Ding et al. 2024, Fewer Truncations Improve Language Modeling, section 3
 */
export function packBestFit(spans: readonly InputSpan[], length: number): Rows {
  const chunks = spans.flatMap((span) => chunkSpan(span, length)).sort((a, b) => b.count - a.count);
  const rows: Rows = [];
  const bins = new BinIndex(length);
  for (const chunk of chunks) {
    const bin = bins.take(chunk.count);
    const row = bin?.row ?? rows.push([]) - 1;
    rows[row]!.push(chunk);
    bins.add(row, (bin?.room ?? length) - chunk.count);
  }
  return rows;
}

/** Bins (rows) by the capacity they have left; finds the fullest one that still fits. */
class BinIndex {
  readonly #rows: number[][];
  /** Bit c % 32 of word c / 32 is set where a row has capacity c. */
  readonly #present: Uint32Array;

  constructor(length: number) {
    this.#rows = Array.from({ length: length + 1 }, () => []);
    this.#present = new Uint32Array((length >>> 5) + 1);
  }

  add(row: number, room: number): void {
    if (room === 0) return;
    this.#rows[room]!.push(row);
    this.#present[room >>> 5]! |= 1 << (room & 31);
  }

  /** Takes a row with the least capacity of at least `needed`. */
  take(needed: number): { row: number; room: number } | undefined {
    const room = this.#leastFrom(needed);
    if (room === undefined) return undefined;
    const rows = this.#rows[room]!;
    const row = rows.pop()!;
    if (rows.length === 0) this.#present[room >>> 5]! &= ~(1 << (room & 31));
    return { row, room };
  }

  #leastFrom(needed: number): number | undefined {
    for (let word = needed >>> 5; word < this.#present.length; word++) {
      const mask = word === needed >>> 5 ? -1 << (needed & 31) : -1;
      const bits = this.#present[word]! & mask;
      if (bits !== 0) return (word << 5) + 31 - Math.clz32(bits & -bits);
    }
    return undefined;
  }
}
