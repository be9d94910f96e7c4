import type { Tensor } from './tensor.js';
import { isTensor } from './tensor.js';

/** A value with tensors in it: arrays and plain objects are walked, anything else is a leaf. */
export type Tree = unknown;

/** Tests if a value is an object literal, of whichever realm. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The tensors of a tree, in order. */
export function collectTensors(tree: Tree, found: Tensor[] = []): Tensor[] {
  if (isTensor(tree)) found.push(tree);
  else if (Array.isArray(tree)) for (const item of tree) collectTensors(item, found);
  else if (isPlainObject(tree)) for (const item of Object.values(tree)) collectTensors(item, found);
  return found;
}

/** A copy of a tree in which `change` replaces each leaf that is no array or plain object. */
export function mapTree(tree: Tree, change: (leaf: unknown) => unknown): Tree {
  if (isTensor(tree)) return change(tree);
  if (Array.isArray(tree)) return tree.map((item) => mapTree(item, change));
  if (!isPlainObject(tree)) return change(tree);
  return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, mapTree(item, change)]));
}

/** Tests if a value is a promise or another thenable, of whichever realm. */
export function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
