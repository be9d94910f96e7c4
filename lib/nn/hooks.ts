import { checkOptions } from '../core/index.js';
import type { OptionChecks } from '../core/index.js';
import type { Module } from './module.js';

/** Receives a module's dotted path, empty for the model itself, and the result of a call of its `forward`. */
export type ForwardWatcher = (path: string, output: unknown, module: Module) => void;

/** Settings of {@link watchForward}. */
export interface WatchForwardOptions {
  /** The methods that are watched (default `forward` alone). */
  methods?: readonly string[];
}

/** The keys of {@link WatchForwardOptions}. */
export const watchForwardKeys: OptionChecks<WatchForwardOptions> = { methods: true };

type Methods = Record<string, (...args: unknown[]) => unknown>;

/**
 * Calls a function with the result of every `forward` in a model, inner modules first, until it is disposed.
 *
 * @param model - watched with all modules below
 * @param fn - must not change the output; what it throws ends the pass
 * @param options - the methods that are watched
 * @param options.methods - names of methods (default `forward` alone)
 * @returns ends the watch when disposed
 * @example
 * using watch = watchForward(model, (path, output) => console.log(path, output));
 * model.forward(ids);
 */
export function watchForward(model: Module, fn: ForwardWatcher, options: WatchForwardOptions = {}): Disposable {
  const { methods = ['forward'] } = checkOptions('watchForward', options, watchForwardKeys);
  const restores: (() => void)[] = [];
  for (const [path, module] of model.namedModules()) {
    for (const method of methods) restores.push(watchMethod(module, method, (output) => fn(path, output, module)));
  }
  return {
    [Symbol.dispose]: () =>
      restores
        .splice(0)
        .reverse()
        .forEach((restore) => restore()),
  };
}

/** Lays a method of the module's own over that of its class. @returns takes it away again */
function watchMethod(module: Module, name: string, note: (output: unknown) => void): () => void {
  const methods = module as unknown as Methods;
  const original = methods[name];
  if (typeof original !== 'function') return () => undefined;
  const own = Object.hasOwn(methods, name);
  methods[name] = (...args) => {
    const output = original.apply(module, args);
    note(output);
    return output;
  };
  return () => {
    if (own) methods[name] = original;
    else Reflect.deleteProperty(methods, name);
  };
}
