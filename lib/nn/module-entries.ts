import { formatSuggestion, raise } from '../core/index.js';
import { isTensor } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { getRole } from './roles.js';

/** The interface of a module that this file walks. */
export interface WalkableModule {
  namedModules(): Iterable<Entry<WalkableModule>>;
  ownTensors(): Entry<Tensor>[];
}

/** One entry of a module: the dotted path of a tensor or a module that it holds directly. */
export type Entry<T> = [name: string, value: T];

/** An array or an object with named properties. */
type Holder = Record<string, unknown>;

/**
 * Joins a path and a name by a dot.
 * @param prefix - empty for the root
 * @param name - of a property, or a path below the prefix
 * @returns the name alone where the prefix is empty
 */
export function joinPath(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}

/**
 * Lists the tensors and modules that a module holds directly, in properties, arrays and plain objects.
 * @param module - not walked below the modules it holds
 * @returns the entries by dotted path, in the order of the properties
 * @throws ArgumentError for a tensor or module in a Map or Set, and for a tensor without a role
 */
export function listEntries(module: WalkableModule): Entry<Tensor | WalkableModule>[] {
  return collectEntries(module as unknown as Holder, '', module.constructor.name);
}

function collectEntries(holder: Holder, prefix: string, where: string): Entry<Tensor | WalkableModule>[] {
  return Object.entries(holder).flatMap(([name, value]): Entry<Tensor | WalkableModule>[] => {
    if (typeof value !== 'object' || value === null) return [];
    const path = joinPath(prefix, name);
    if (isTensor(value)) return [[path, expectRole(value, path, where)]];
    if (isModule(value)) return [[path, value]];
    if (Array.isArray(value) || isPlainObject(value)) return collectEntries(value as Holder, path, where);
    if (value instanceof Map || value instanceof Set) expectNoEntries(value, path, where);
    return [];
  });
}

/**
 * Replaces every tensor that a module holds directly, in place.
 * @param module - not walked below the modules it holds
 * @param change - gives the tensor that takes the place of another, or the same one
 */
export function mapTensors(module: WalkableModule, change: (tensor: Tensor) => Tensor): void {
  const walk = (holder: Holder): void => {
    for (const [name, value] of Object.entries(holder)) {
      if (isTensor(value)) holder[name] = change(value);
      else if (Array.isArray(value) || isPlainObject(value)) walk(value as Holder);
    }
  };
  walk(module as unknown as Holder);
}

/**
 * Finds the module at a dotted path, and the object that holds it.
 * @param root - the path starts from its properties
 * @param path - as `blocks.0.attention.query`
 * @returns the module, its holder, and its name there
 * @throws ArgumentError when there is none
 */
export function findModule(root: WalkableModule, path: string): { holder: Holder; key: string; found: WalkableModule } {
  const names = path.split('.');
  const key = names.pop() ?? '';
  let holder: unknown = root;
  for (const name of names) holder = isHolder(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined;
  const found = isHolder(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;
  if (isHolder(holder) && isModule(found)) return { holder, key, found };
  const paths = [...root.namedModules()].map(([name]) => name);
  return raise('PAL_ARGUMENT', {
    where: `${root.constructor.name}.replace`,
    expected: 'the path of a module',
    received: JSON.stringify(path),
    fix: formatSuggestion(path, paths),
  });
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null;
}

/** Tests if a value is a module, by its methods. */
function isModule(value: unknown): value is WalkableModule {
  return isHolder(value) && typeof value.namedModules === 'function' && typeof value.ownTensors === 'function';
}

function isPlainObject(value: unknown): boolean {
  if (!isHolder(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function expectRole(tensor: Tensor, path: string, where: string): Tensor {
  if (getRole(tensor) !== undefined) return tensor;
  return raise('PAL_ARGUMENT', {
    where,
    expected: `a role of the tensor in ${path}`,
    received: 'none',
    fix: 'Make it by parameter() or buffer(), with { persistent: false } where no checkpoint needs it.',
  });
}

function expectNoEntries(
  collection: ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>,
  path: string,
  where: string,
): void {
  const values = [...(collection as Iterable<unknown>)].flat();
  if (!values.some((value) => isTensor(value) || isModule(value))) return;
  raise('PAL_ARGUMENT', {
    where,
    expected: `tensors and modules in properties, arrays and plain objects`,
    received: `some in a ${collection.constructor.name}, ${path}`,
    fix: 'Hold them in an array or a plain object, where checkpoints and optimizers find them.',
  });
}
