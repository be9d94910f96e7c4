/**
 * The one-to-one assignment with the largest sum of weights.
 *
 * @param weights - a row for each left thing, a column for each right one; 0 or more
 * @returns for each row its column; undefined where there are more rows than columns and it got none
 * @see Kuhn 1955, The Hungarian method for the assignment problem
 */
export function assignByWeight(weights: readonly (readonly number[])[]): (number | undefined)[] {
  const columns = weights[0]?.length ?? 0;
  const size = Math.max(weights.length, columns);
  const cost = (row: number, column: number): number => -(weights[row]?.[column] ?? 0);
  const rowOf = solve(size, cost);
  const assigned = new Map(rowOf.map((row, column) => [row, column]));
  return weights.map((_, row) => {
    const column = assigned.get(row)!;
    return column < columns ? column : undefined;
  });
}

/** The row of each column in a square assignment of the least cost, by shortest augmenting paths. */
function solve(size: number, cost: (row: number, column: number) => number): number[] {
  const rowPrice = new Float64Array(size);
  const columnPrice = new Float64Array(size + 1);
  const rowOf = new Array<number>(size + 1).fill(-1);
  for (let row = 0; row < size; row++) {
    const from = new Int32Array(size + 1);
    const slack = new Float64Array(size + 1).fill(Infinity);
    const seen = new Uint8Array(size + 1);
    let column = size;
    rowOf[size] = row;
    while (rowOf[column] !== -1) {
      seen[column] = 1;
      const current = rowOf[column]!;
      let next = -1;
      for (let other = 0; other < size; other++) {
        if (seen[other] === 1) continue;
        const reduced = cost(current, other) - rowPrice[current]! - columnPrice[other]!;
        if (reduced < slack[other]!) [slack[other], from[other]] = [reduced, column];
        if (next === -1 || slack[other]! < slack[next]!) next = other;
      }
      const step = slack[next]!;
      for (let other = 0; other <= size; other++) {
        if (seen[other] === 1) {
          rowPrice[rowOf[other]!]! += step;
          columnPrice[other]! -= step;
        } else {
          slack[other]! -= step;
        }
      }
      column = next;
    }
    while (column !== size) {
      rowOf[column] = rowOf[from[column]!]!;
      column = from[column]!;
    }
  }
  return rowOf.slice(0, size);
}
