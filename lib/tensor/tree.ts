import { isPlainObject } from './plain-object.js';
import type { Tensor } from './tensor.js';
import { isTensor } from './tensor.js';

/** A value with tensors in it: arrays and plain objects are walked, anything else is a leaf. */
export type Tree = unknown;

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
