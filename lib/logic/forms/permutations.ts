/** Every order of some things, which share one array: it is another order after each step. */
export function* listPermutations<T>(items: readonly T[]): Generator<readonly T[]> {
  const order = [...items];
  function* permute(size: number): Generator<readonly T[]> {
    if (size <= 1) {
      yield order;
      return;
    }
    for (let i = 0; i < size; i++) {
      yield* permute(size - 1);
      const other = size % 2 === 0 ? i : 0;
      [order[other], order[size - 1]] = [order[size - 1]!, order[other]!];
    }
  }
  yield* permute(order.length);
}
