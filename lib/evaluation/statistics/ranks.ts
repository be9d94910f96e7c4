/**
 * Ranks from 1 on; equals share the mean of theirs.
 * @param values - to rank, the lowest first
 * @returns the rank of each value
 */
export function assignRanks(values: readonly number[]): number[] {
  const ranks = new Map<number, { first: number; count: number }>();
  for (const [rank, value] of [...values].sort((x, y) => x - y).entries()) {
    const known = ranks.get(value);
    if (known === undefined) ranks.set(value, { first: rank + 1, count: 1 });
    else known.count++;
  }
  return values.map((value) => {
    const { first, count } = ranks.get(value)!;
    return first + (count - 1) / 2;
  });
}
