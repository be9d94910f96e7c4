/** Row lengths are multiples of this, as fast matrix products like them. */
const LENGTH_MULTIPLE = 8;

/**
 * The row lengths with the least padding: multiples of 8 and the longest row, at most `buckets` of them.
 *
 * @param counts - the length of each document, at most `longest`
 * @param longest - the last row length there may be
 * @param buckets - how many lengths
 */
export function chooseBucketLengths(counts: Iterable<number>, longest: number, buckets: number): number[] {
  const { lengths, documents } = countLengths(counts, longest);
  const before = documents.reduce<number[]>((sums, count) => [...sums, sums.at(-1)! + count], [0]);
  let best = lengths.map((length, j) => ({ places: before[j + 1]! * length, chosen: [length] }));
  for (let bucket = 1; bucket < buckets; bucket++) {
    best = best.map((alone, j) => {
      const places = (i: number): number => best[i]!.places + (before[j + 1]! - before[i + 1]!) * lengths[j]!;
      const cut = findArgmin(j, places);
      if (cut === undefined || places(cut) >= alone.places) return alone;
      return { places: places(cut), chosen: [...best[cut]!.chosen, lengths[j]!] };
    });
  }
  return best.at(-1)!.chosen;
}

/** Counts the documents of each rounded length, ascending. */
function countLengths(counts: Iterable<number>, longest: number): { lengths: number[]; documents: number[] } {
  const counted = new Map<number, number>();
  for (const count of counts) {
    const length = Math.min(longest, Math.ceil(count / LENGTH_MULTIPLE) * LENGTH_MULTIPLE);
    counted.set(length, (counted.get(length) ?? 0) + 1);
  }
  const lengths = [...counted.keys()].sort((a, b) => a - b);
  return { lengths, documents: lengths.map((length) => counted.get(length)!) };
}

/** The index in [0, end) with the least value; undefined when there is none. */
function findArgmin(end: number, value: (index: number) => number): number | undefined {
  let least: number | undefined;
  for (let i = 0; i < end; i++) if (least === undefined || value(i) < value(least)) least = i;
  return least;
}
