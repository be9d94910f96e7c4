import { raise } from '../core/index.js';

/**
 * Requires that a function has ended when it returns.
 * @param where - the caller
 * @param result - what it returned
 * @returns the result
 * @throws ArgumentError for a promise
 */
export function expectSynchronous<T>(where: string, result: T): T {
  if (typeof (result as { then?: unknown } | undefined)?.then !== 'function') return result;
  return raise('PAL_ARGUMENT', {
    where,
    expected: 'a function that ends at once',
    received: 'a promise',
    fix: 'Adapters that others switch meanwhile would mix: call setAdapter before and after.',
  });
}
