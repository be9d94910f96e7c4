import { findNearDuplicates } from '../clean/near-duplicates.js';
import type { NearPair } from '../clean/near-duplicates.js';
import { normalizeInput } from '../clean/normalize-input.js';
import type { LogicRecord } from '../records/record.js';

/** Sets of numbers that grow together. */
class DisjointSets {
  readonly #parents: Int32Array;

  constructor(size: number) {
    this.#parents = new Int32Array(size).map((_, place) => place);
  }

  /** The lowest number of the set. */
  find(place: number): number {
    let root = place;
    while (this.#parents[root] !== root) root = this.#parents[root]!;
    while (this.#parents[place] !== root) [place, this.#parents[place]] = [this.#parents[place]!, root];
    return root;
  }

  merge(a: number, b: number): void {
    const [first, second] = [this.find(a), this.find(b)];
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }

  /** Joins items that share a key. */
  joinByKeys<T>(items: readonly T[], list: (item: T) => readonly string[]): void {
    const first = new Map<string, number>();
    items.forEach((item, place) => {
      for (const key of list(item)) {
        const other = first.get(key);
        if (other === undefined) first.set(key, place);
        else this.merge(other, place);
      }
    });
  }

  /** For each number the lowest of its set. */
  list(): Int32Array {
    return this.#parents.map((_, place) => this.find(place));
  }
}

/** Records that belong on one side of a split, and why. */
export interface SourceGroups {
  /** For each record the place of the first one of its group. */
  groups: Int32Array;
  near: readonly NearPair[];
}

/**
 * Joins records that share a source, a parent, a sentence but for case and punctuation, or nearly a sentence.
 *
 * @param records - in order
 * @returns the connected components, and the pairs that are nearly the same
 */
export function groupSources(records: readonly LogicRecord[]): SourceGroups {
  const sets = new DisjointSets(records.length);
  sets.joinByKeys(records, ({ id, sourceId, input, provenance }) => [
    `input ${normalizeInput(input)}`,
    ...[id, sourceId, ...provenance.parents].map((name) => `id ${name}`),
  ]);
  const near = findNearDuplicates(records.map(({ input }) => input));
  for (const { earlier, later } of near) sets.merge(earlier, later);
  return { groups: sets.list(), near };
}

/**
 * Joins groups with records that share a key.
 *
 * @param groups - of each record
 * @param keys - of each record
 * @returns the groups of each record, joined
 */
export function joinGroups(groups: Int32Array, keys: readonly string[]): Int32Array {
  const sets = new DisjointSets(groups.length);
  groups.forEach((group, place) => sets.merge(group, place));
  sets.joinByKeys(keys, (key) => [key]);
  return sets.list();
}
