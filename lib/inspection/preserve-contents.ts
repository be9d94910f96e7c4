import { isTensor } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

type Values = Map<unknown, unknown>;

/**
 * Preserves what an object and all that it reaches hold, in properties, arrays, maps and sets.
 * @returns when disposed, puts it all back and disposes of the tensors that have come to stand there since
 */
export function preserveContents(root: object): Disposable {
  const before = new Map<object, Values>();
  const visit = (value: unknown): void => {
    if (!isContainer(value) || before.has(value)) return;
    const values = listValues(value);
    before.set(value, values);
    for (const held of values.values()) visit(held);
  };
  visit(root);
  return { [Symbol.dispose]: () => putAllBack(before) };
}

function putAllBack(before: ReadonlyMap<object, Values>): void {
  const kept = new Set([...before.values()].flatMap((values) => [...values.values()]));
  for (const [container, values] of before) {
    const added = putBack(container, values).filter((value): value is Tensor => isTensor(value) && !kept.has(value));
    for (const tensor of added) tensor.dispose();
  }
}

/** Objects whose contents count; tensors and binary data are contents themselves. */
function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isTensor(value) && !ArrayBuffer.isView(value);
}

/** Values by property, by key of a map, or by themselves for a set. */
function listValues(container: object): Values {
  if (container instanceof Map) return new Map(container);
  if (container instanceof Set) return new Map([...container].map((value: unknown) => [value, value]));
  return new Map<unknown, unknown>(Object.entries(container));
}

/** Makes the contents what they were. @returns those that had come since */
function putBack(container: object, values: Values): unknown[] {
  const now = listValues(container);
  const changed = [...now].filter(([key, value]) => !values.has(key) || values.get(key) !== value);
  if (changed.length > 0 || now.size !== values.size) write(container, values, changed);
  return changed.map(([, value]) => value);
}

function write(container: object, values: Values, changed: readonly [unknown, unknown][]): void {
  if (container instanceof Map) {
    container.clear();
    for (const [key, value] of values) container.set(key, value);
    return;
  }
  if (container instanceof Set) {
    container.clear();
    for (const value of values.values()) container.add(value);
    return;
  }
  for (const [key] of changed) if (!values.has(key)) Reflect.deleteProperty(container, key as string);
  if (Array.isArray(container)) container.length = values.size;
  Object.assign(container, Object.fromEntries(values));
}
