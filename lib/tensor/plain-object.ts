/**
 * Tests if a value is an object literal, of whichever realm.
 * @param value - anything
 * @returns true for objects without a prototype or with that of a literal; false for arrays and instances of classes
 */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Tests if a value is a promise or another thenable, of whichever realm.
 * @param value - anything
 * @returns true for objects with a method `then`
 */
export function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
