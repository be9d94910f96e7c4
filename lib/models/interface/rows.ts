import { expectCount, expectRange, raise } from '../../core/index.js';

/**
 * Requires indices of rows of a state.
 * @param where - named in the error
 * @param rows - from 0 to `batch` − 1
 * @param batch - rows of the state, B
 * @throws ArgumentError for an index out of range
 */
export function expectRows(where: string, rows: readonly number[], batch: number): void {
  for (const row of rows) expectRange(where, 'rows', expectCount(where, 'rows', row), { max: batch - 1 });
}

/**
 * Requires that another state is of the same class.
 * @param where - named in the error
 * @param own - the state whose class counts
 * @param other - the other state
 * @returns the other state
 * @throws ArgumentError naming both classes
 */
export function expectSameState<T extends object>(where: string, own: T, other: object): T {
  if (other.constructor === own.constructor) return other as T;
  raise('PAL_ARGUMENT', { where, expected: `a ${own.constructor.name}`, received: other.constructor.name });
}

/**
 * Each value `n` times in a row.
 * @param values - any
 * @param n - at least 0
 * @returns `values.length · n` values
 */
export function repeatEach<T>(values: readonly T[], n: number): T[] {
  return values.flatMap((value) => Array.from({ length: n }, () => value));
}
