import type { Module } from '../nn/index.js';
import type { AdapterState } from './layers/adapter-state.js';

type Methods = Record<string, ((...args: unknown[]) => unknown) | undefined>;

/** The passes of a model that say by an argument whether dropout acts, with what they take where none does. */
const PASSES: readonly [method: string, training: boolean | undefined][] = [
  ['forward', undefined],
  ['loss', undefined],
  ['accumulateGradients', true],
];

/**
 * Lets the dropout of adapters act as a pass through the model says, in an argument `{ training }`: linear maps are not
 * told.
 * @param model - the root, whose passes are laid over
 * @param state - that the adapted modules read
 */
export function followTrainingMode(model: Module, state: AdapterState): void {
  const methods = model as unknown as Methods;
  for (const [name, otherwise] of PASSES) {
    const original = methods[name];
    if (typeof original !== 'function') continue;
    const value = (...args: unknown[]): unknown => {
      const before = state.dropping;
      state.dropping = findTraining(args) ?? before ?? otherwise;
      try {
        return original.apply(model, args);
      } finally {
        state.dropping = before;
      }
    };
    Object.defineProperty(model, name, { value, configurable: true, writable: true, enumerable: false });
  }
}

/**
 * Gives a model its own passes back.
 * @param model - that {@link followTrainingMode} was called for
 */
export function restorePasses(model: Module): void {
  for (const [name] of PASSES) Reflect.deleteProperty(model, name);
}

function findTraining(args: readonly unknown[]): boolean | undefined {
  const contexts = args.filter((arg): arg is { training: unknown } => {
    return typeof arg === 'object' && arg !== null && 'training' in arg && !('namedModules' in arg);
  });
  const training = contexts[0]?.training;
  return typeof training === 'boolean' ? training : undefined;
}
