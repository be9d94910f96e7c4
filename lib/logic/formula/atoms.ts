import { atom, combine, not } from './formula.js';
import type { Formula } from './formula.js';

/**
 * The atoms of a formula.
 *
 * @param formula - any formula
 * @returns each name once, in the order of their first occurrence from the left
 */
export function listAtoms(formula: Formula): string[] {
  const names = new Set<string>();
  const visit = (node: Formula): void => {
    if (node.kind === 'atom') {
      names.add(node.name);
    } else if (node.kind === 'not') {
      visit(node.operand);
    } else {
      visit(node.left);
      visit(node.right);
    }
  };
  visit(formula);
  return [...names];
}

/**
 * A formula with other atoms, all changed at once.
 *
 * @param formula - any formula
 * @param names - the new name of each atom to change; others keep theirs
 * @returns a formula of the same shape
 * @throws ArgumentError for a new name that is no atom's
 */
export function renameAtoms(formula: Formula, names: ReadonlyMap<string, string>): Formula {
  const visit = (node: Formula): Formula => {
    if (node.kind === 'atom') return atom(names.get(node.name) ?? node.name);
    if (node.kind === 'not') return not(visit(node.operand));
    return combine(node.kind, visit(node.left), visit(node.right));
  };
  return visit(formula);
}
