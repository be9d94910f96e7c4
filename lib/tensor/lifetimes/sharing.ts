import { raise, show } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { Tensor } from '../tensor.js';
import { expectSlot, wrap } from '../tensor.js';
import { isPlainObject } from '../plain-object.js';

/** The token of a shared tensor in a message to another thread of this process. */
export interface SharedTensor {
  readonly palabraTensor: string;
}

/**
 * Makes a tensor reachable from other worker threads; they see the same memory, not a copy.
 *
 * @param tensor - any shape, any dtype
 * @returns a token for `postMessage`; it holds the memory until {@link unshare}
 * @example worker.postMessage({ weight: share(weight) });
 */
export function share(tensor: Tensor): SharedTensor {
  return { palabraTensor: loadAddon().exportTensor(expectSlot(tensor, 'share')) };
}

/**
 * The tensor behind a token of {@link share}, on the memory of its sender.
 * @param shared - a token of {@link share}, from any thread of this process
 * @returns a handle of this thread: the shape and dtype of the sender's, on its memory
 * @throws DisposedError once unshared
 */
export function receive(shared: SharedTensor): Tensor {
  return wrap(loadAddon().importTensor(expectToken('receive', shared)));
}

/**
 * Ends a token of {@link share}; tensors already received live on.
 * @param shared - a token of {@link share}, from any thread of this process
 * @returns whether it was still open
 */
export function unshare(shared: SharedTensor): boolean {
  return loadAddon().releaseToken(expectToken('unshare', shared));
}

function expectToken(where: string, shared: SharedTensor): string {
  const token: unknown = isPlainObject(shared) ? shared.palabraTensor : undefined;
  if (typeof token === 'string') return token;
  raise('PAL_ARGUMENT', { where, expected: 'what share(tensor) returned', received: show(shared) });
}
