import { formatUnknownKey, raise, suggest } from '../../core/index.js';
import type { Callback } from './callback.js';

/** Every hook of a {@link Callback}. */
const hooks: Record<Exclude<keyof Callback, 'name'>, true> = {
  onStart: true,
  onStepStart: true,
  onGradients: true,
  onUpdate: true,
  onStep: true,
  onEvaluation: true,
  withWeights: true,
  onCheckpoint: true,
  onEvent: true,
  onEnd: true,
  save: true,
  load: true,
};

const names = Object.keys(hooks);

/**
 * Requires that a callback has no method that is meant as a hook but is none: `onStpe`, or `onBatch` of other libraries.
 * @param callback - may have methods of its own besides, with other names
 * @throws ArgumentError naming the first such method, and the hooks
 */
export function expectHooks(callback: Callback): void {
  const found = listMethods(callback).find(isMisspelt);
  if (found === undefined) return;
  raise('PAL_ARGUMENT', {
    where: 'Trainer',
    expected: 'callbacks with known hooks',
    received: `${found} in ${callback.name}`,
    fix: formatUnknownKey(found, names),
    details: { name: found, known: names },
  });
}

/** The names of functions that an object has by itself or by its class. */
function listMethods(callback: object): string[] {
  const methods: string[] = [];
  for (let object = callback; object !== Object.prototype; object = Object.getPrototypeOf(object) as object) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
      if (typeof value === 'function' && name !== 'constructor') methods.push(name);
    }
  }
  return methods;
}

function isMisspelt(method: string): boolean {
  if (Object.hasOwn(hooks, method)) return false;
  if (/^on[A-Z]/.test(method)) return true;
  return (method.length <= 4 || /^(on|with)/i.test(method)) && suggest(method, names) !== undefined;
}
