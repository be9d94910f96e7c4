import { combine, not } from '../formula/formula.js';
import type { Formula } from '../formula/formula.js';
import { printFormula } from '../formula/print-formula.js';

/** An ordered tree: its labels in postorder, and for each node the place of the leftmost leaf below it. */
interface PostorderTree {
  labels: readonly string[];
  leftmost: readonly number[];
}

/**
 * The fewest nodes to change, remove or add that make one formula of another. The operands of ∧, ∨ and ↔ are brought into
 * one order first.
 *
 * @param a - any formula
 * @param b - any formula
 * @returns a count of nodes: atoms and connectives
 * @see Zhang and Shasha 1989, Simple fast algorithms for the editing distance between trees and related problems
 */
export function computeTreeEditDistance(a: Formula, b: Formula): number {
  const [first, second] = [listPostorder(sortOperands(a)), listPostorder(sortOperands(b))];
  const distances = first.labels.map(() => new Float64Array(second.labels.length));
  for (const i of listKeyRoots(first)) {
    for (const j of listKeyRoots(second)) fillForest(first, second, [i, j], distances);
  }
  return distances.at(-1)!.at(-1)!;
}

/** The number of atoms and connectives of a formula. */
export function countNodes(formula: Formula): number {
  if (formula.kind === 'atom') return 1;
  if (formula.kind === 'not') return 1 + countNodes(formula.operand);
  return 1 + countNodes(formula.left) + countNodes(formula.right);
}

/** The distances of all subtrees that start at the leftmost leaves of two nodes. */
function fillForest(
  a: PostorderTree,
  b: PostorderTree,
  [i, j]: readonly [number, number],
  distances: readonly Float64Array[],
): void {
  const [startA, startB] = [a.leftmost[i]!, b.leftmost[j]!];
  const rows = Array.from({ length: i - startA + 2 }, () => new Float64Array(j - startB + 2));
  for (let x = 0; x < rows.length; x++) rows[x]![0] = x;
  for (let y = 0; y < rows[0]!.length; y++) rows[0]![y] = y;
  for (let x = 1; x < rows.length; x++) {
    for (let y = 1; y < rows[0]!.length; y++) {
      const [nodeA, nodeB] = [startA + x - 1, startB + y - 1];
      const shorter = Math.min(rows[x - 1]![y]!, rows[x]![y - 1]!) + 1;
      if (a.leftmost[nodeA] === startA && b.leftmost[nodeB] === startB) {
        const changed = Number(a.labels[nodeA] !== b.labels[nodeB]);
        distances[nodeA]![nodeB] = rows[x]![y] = Math.min(shorter, rows[x - 1]![y - 1]! + changed);
      } else {
        const before = rows[a.leftmost[nodeA]! - startA]![b.leftmost[nodeB]! - startB]!;
        rows[x]![y] = Math.min(shorter, before + distances[nodeA]![nodeB]!);
      }
    }
  }
}

/** The nodes with a sibling to their left, and the root: one for each leftmost leaf, ascending. */
function listKeyRoots({ leftmost }: PostorderTree): number[] {
  return [...new Map(leftmost.map((leaf, node) => [leaf, node])).values()].sort((a, b) => a - b);
}

function listPostorder(formula: Formula): PostorderTree {
  const labels: string[] = [];
  const leftmost: number[] = [];
  const visit = (node: Formula): number => {
    const children = node.kind === 'atom' ? [] : node.kind === 'not' ? [node.operand] : [node.left, node.right];
    const leaves = children.map(visit);
    const leaf = leaves[0] ?? labels.length;
    labels.push(node.kind === 'atom' ? node.name : node.kind);
    leftmost.push(leaf);
    return leaf;
  };
  visit(formula);
  return { labels, leftmost };
}

function sortOperands(formula: Formula): Formula {
  if (formula.kind === 'atom') return formula;
  if (formula.kind === 'not') return not(sortOperands(formula.operand));
  const [left, right] = [sortOperands(formula.left), sortOperands(formula.right)];
  const swapped = formula.kind !== 'implies' && describeOrder(right) < describeOrder(left);
  return swapped ? combine(formula.kind, right, left) : combine(formula.kind, left, right);
}

/** The place of an operand among others: by its letters first, so that a negation does not move it. */
function describeOrder(formula: Formula): string {
  const text = printFormula(formula, 'minimal');
  return `${text.replace(/[¬()]/g, '')} ${text}`;
}
