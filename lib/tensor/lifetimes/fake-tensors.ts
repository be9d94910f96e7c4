import { loadAddon } from '../../native/index.js';
import { expectSynchronous } from './scope.js';

/**
 * Runs `fn` without computing: every tensor made inside has shape, dtype and device, but no values and no memory, and
 * tensors from before take part and stay as they are. `memory.stats()` tells inside what the tensors would hold on the
 * CPU, what only gradients keep included.
 * @param fn - synchronous; what reads values made inside, or gives a shape that depends on them, throws
 * @returns what `fn` returns
 * @throws ArgumentError when `fn` returns a promise; PalabraError of code PAL_OPERATOR from operators whose results
 *   can't be told without values
 * @remarks Gradients that reach tensors from before are left without values too: clear them. CPU only.
 */
export function withFakeTensors<T>(fn: () => T): T {
  const depth = loadAddon().fakeEnter();
  try {
    return expectSynchronous('withFakeTensors', fn());
  } finally {
    loadAddon().fakeExit(depth);
  }
}
