import type { OptionChecks } from '../../core/index.js';
import { checkOptions, expectOneOf } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { DType } from '../dtype.js';
import { expectSynchronous } from '../lifetimes/scope.js';

/** Settings of {@link withAutocast}. */
export interface AutocastOptions {
  /** The kind of device whose operators are cast (default `cpu`). */
  deviceType?: 'cpu' | 'cuda';
}

/** The keys of {@link AutocastOptions}. */
export const autocastKeys: OptionChecks<AutocastOptions> = { deviceType: true };

/**
 * The short dtype that operators are cast to here, or undefined where they aren't.
 * @param deviceType - the kind of device (default `cpu`)
 * @returns `bfloat16`, `float16` or undefined
 */
export function getAutocastDType(deviceType: 'cpu' | 'cuda' = 'cpu'): DType | undefined {
  return loadAddon().autocast(deviceType);
}

/**
 * Runs `fn` with matrix products and the like computed in a shorter dtype.
 * @param dtype - `bfloat16`, `float16`, or `undefined` to switch autocast off inside
 * @param fn - synchronous
 * @param options - `deviceType`, the kind of device whose operators are cast (default `cpu`)
 * @returns what `fn` returns
 * @throws ArgumentError when `fn` returns a promise
 */
export function withAutocast<T>(
  dtype: Extract<DType, 'bfloat16' | 'float16'> | undefined,
  fn: () => T,
  options: AutocastOptions = {},
): T {
  const { deviceType = 'cpu' } = checkOptions('withAutocast', options, autocastKeys);
  if (dtype !== undefined) expectOneOf('withAutocast', 'dtype', dtype, ['bfloat16', 'float16']);
  const before = loadAddon().autocast(deviceType);
  loadAddon().setAutocast(deviceType, dtype);
  try {
    return expectSynchronous('withAutocast', fn());
  } finally {
    loadAddon().setAutocast(deviceType, before);
  }
}
