import type { Tensor } from './tensor.js';
import { isTensor } from './tensor.js';

/** A value with tensors in it: arrays and plain objects are walked, anything else is a leaf. */
export type Tree = unknown;

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
 * The tensors of a tree, in order.
 * @param tree - arrays and plain objects are walked to any depth
 * @param found - the list to append to (default: a new one)
 * @returns `found`, with the tensors in the order of items and keys; a tensor that occurs twice is there twice
 */
export function collectTensors(tree: Tree, found: Tensor[] = []): Tensor[] {
  if (isTensor(tree)) found.push(tree);
  else if (Array.isArray(tree)) for (const item of tree) collectTensors(item, found);
  else if (isPlainObject(tree)) for (const item of Object.values(tree)) collectTensors(item, found);
  return found;
}

/**
 * A copy of a tree in which `change` replaces each leaf that is no array or plain object.
 * @param tree - arrays and plain objects are walked to any depth
 * @param change - called with each leaf, tensors and `undefined` among them; what it returns stands in its place
 * @returns the arrays and plain objects anew, in the same structure
 */
export function mapTree(tree: Tree, change: (leaf: unknown) => unknown): Tree {
  if (isTensor(tree)) return change(tree);
  if (Array.isArray(tree)) return tree.map((item) => mapTree(item, change));
  if (!isPlainObject(tree)) return change(tree);
  return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, mapTree(item, change)]));
}

/**
 * Tests if a value is a promise or another thenable, of whichever realm.
 * @param value - anything
 * @returns true for objects with a method `then`
 */
export function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
