import { loadAddon } from '../native/index.js';
import { expectSynchronous } from './lifetimes/scope.js';
import type { Generator } from './generator.js';
import { expectSeed } from './generator.js';

/**
 * Seeds the environment's own generator, from which operators draw when none is given.
 * @param seed - an integer; the same one gives the same numbers
 */
export function manualSeed(seed: number | bigint): void {
  loadAddon().seedGenerator(0, expectSeed('manualSeed', seed));
}

/**
 * Returns the state of the environment's own generator.
 * @returns bytes that only {@link setRandomState} can read
 */
export function getRandomState(): Uint8Array {
  return new Uint8Array(loadAddon().generatorState(0));
}

/**
 * Sets the environment's own generator to a state of {@link getRandomState}.
 * @param state - bytes of {@link getRandomState}
 */
export function setRandomState(state: Uint8Array): void {
  loadAddon().setGeneratorState(0, state);
}

/**
 * Runs `fn` with all randomness drawn from `generator`.
 * @param generator - the source of the numbers; undefined leaves things as they are
 * @param fn - synchronous; operators that are given a generator of their own keep it
 * @returns what `fn` returns
 * @throws ArgumentError when `fn` returns a promise
 */
export function withGenerator<T>(generator: Generator | undefined, fn: () => T): T {
  using _ = useGenerator(generator);
  return expectSynchronous('withGenerator', fn());
}

/**
 * Lets all randomness be drawn from a generator until it is disposed of, which must be in the same turn.
 * @param generator - the source of the numbers; undefined changes nothing
 * @returns for `using`; its disposal brings back the generator of before
 */
export function useGenerator(generator: Generator | undefined): Disposable {
  const before = generator && loadAddon().useGenerator(generator.id);
  return {
    [Symbol.dispose]() {
      if (before !== undefined) loadAddon().useGenerator(before);
    },
  };
}
