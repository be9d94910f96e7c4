import { expectFunction, raise } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import { enter, exit, keep, own } from './lifetime.js';
import type { Handle, Owner } from './lifetime.js';
import type { Tensor } from '../tensor.js';
import { collectTensors } from '../tree.js';
import { isThenable } from '../plain-object.js';

/**
 * Requires that a function's result is there, not promised.
 * @param where - the caller's name, for the error
 * @param result - what a function returned; promises and other thenables are refused
 * @returns `result`
 * @throws ArgumentError for a promise: what it would do later would run outside
 */
export function expectSynchronous<T>(where: string, result: T): T {
  if (isThenable(result)) {
    // The promise is refused below; its own failure must not end the process as well.
    void (result as unknown as Promise<unknown>).then(undefined, () => undefined);
    raise('PAL_ARGUMENT', {
      where,
      expected: 'a synchronous function',
      received: 'one that returns a promise',
      fix: 'Await before or after it; `new Scope()` keeps tensors across an await.',
    });
  }
  return result;
}

/**
 * Runs `fn` and frees every tensor made in it but those in its result.
 *
 * @param fn - returns a tensor, or arrays and plain objects with tensors in them, or any other value
 * @returns what `fn` returns; its tensors belong to the scope around this one
 * @throws ArgumentError when `fn` returns a promise; whatever `fn` throws, once all is freed
 * @example const loss = scope(() => model.forward(ids).logSoftmax(-1).mean());
 */
export function scope<T>(fn: () => T): T {
  expectFunction('scope', 'its argument', fn);
  let kept: Tensor[] = [];
  enter();
  try {
    const result = expectSynchronous('scope', fn());
    kept = collectTensors(result);
    return result;
  } finally {
    exit(kept);
  }
}

/**
 * A list of tensors to free together, for work that spans an `await`.
 *
 * @example
 * using request = new Scope();
 * const state = request.run(() => zeros([1, 8]));
 * await somethingElse();
 * request.run(() => state.add_(1));
 */
export class Scope {
  readonly #owned: Owner = new Set();
  #disposed = false;

  /** The number of tensors it holds. */
  get size(): number {
    return this.#owned.size;
  }

  /**
   * Runs `fn` now and takes every tensor made in it.
   * @throws ArgumentError when `fn` returns a promise; DisposedError after `dispose()`
   */
  run<T>(fn: () => T): T {
    this.#expectOpen('Scope.run');
    const made: Owner = new Set();
    enter(made);
    try {
      return expectSynchronous('Scope.run', fn());
    } finally {
      exit([...made]);
      for (const handle of made) this.#take(handle);
    }
  }

  /** Takes over tensors made elsewhere, alone or in arrays and plain objects, and returns them. */
  own<T>(tensors: T): T {
    this.#expectOpen('Scope.own');
    for (const tensor of collectTensors(tensors)) this.#take(tensor);
    return tensors;
  }

  /** Frees what it holds. */
  dispose(): void {
    this.#disposed = true;
    for (const handle of this.#owned) if (loadAddon().isLive(handle.slot)) loadAddon().dispose(handle.slot);
    this.#owned.clear();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #take(handle: Handle): void {
    keep(handle);
    own(this.#owned, handle);
  }

  #expectOpen(where: string): void {
    if (!this.#disposed) return;
    raise('PAL_DISPOSED', { where, expected: 'an open scope', received: 'a disposed one', fix: 'Make a new Scope.' });
  }
}
