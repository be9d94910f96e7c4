import { cut } from './document-runs.js';
import type { Run } from './document-runs.js';

/** The runs of each row of a batch, left to right. */
export type Rows = Run[][];

/** One document after another; what does not fit into a row continues in the next. */
export function packSequentially(runs: readonly Run[], length: number): Rows {
  const rows: Rows = [];
  let room = 0;
  for (const { start, count } of runs) {
    for (let done = 0; done < count;) {
      if (room === 0) rows.push([]);
      if (room === 0) room = length;
      const taken = Math.min(room, count - done);
      rows.at(-1)!.push({ start: start + done, count: taken });
      done += taken;
      room -= taken;
    }
  }
  return rows;
}

/**
 * Longest first, each into the row it fills best. A document is cut only where it is longer than a row.
 *
 * @see https://arxiv.org/abs/2404.10830 Ding et al. 2024, Fewer Truncations Improve Language Modeling, section 3
 */
export function packBestFit(runs: readonly Run[], length: number): Rows {
  const pieces = runs.flatMap((run) => cut(run, length)).sort((a, b) => b.count - a.count);
  const rows: Rows = [];
  const open = new RoomIndex(length);
  for (const piece of pieces) {
    const found = open.take(piece.count);
    const row = found?.row ?? rows.push([]) - 1;
    rows[row]!.push(piece);
    open.add(row, (found?.room ?? length) - piece.count);
  }
  return rows;
}

/** Rows by the room they have left, with the least sufficient room found in a few steps. */
class RoomIndex {
  readonly #rows: number[][];
  /** Bit r % 32 of word r / 32 tells that a row has room r. */
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

  /** Takes a row with the least room of at least `needed`. */
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
