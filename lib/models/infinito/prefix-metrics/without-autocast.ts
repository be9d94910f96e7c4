import { withAutocast } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';

/**
 * Runs computations in the dtypes of their inputs, also where autocast is on.
 * @param x - a tensor of the device they run on
 * @param fn - the computations, synchronous
 * @returns the result of `fn`
 */
export function withoutAutocast<T>(x: Tensor, fn: () => T): T {
  return withAutocast(undefined, fn, { deviceType: x.device.startsWith('cuda') ? 'cuda' : 'cpu' });
}
