import type { Formula } from '../formula/formula.js';

/** A formula in conjunctive normal form. Literals are ±(1 + variable). */
export interface Clauses {
  readonly variables: number;
  readonly clauses: readonly (readonly number[])[];
  /** The variables of atoms; the others stand for parts of the formula. */
  readonly atoms: ReadonlyMap<string, number>;
}

/**
 * Clauses that can be satisfied exactly if a formula can; their number grows with the formula's size alone.
 *
 * @param formula - any formula
 * @returns the clauses
 * @see Tseitin 1968, On the complexity of derivation in propositional calculus
 */
export function convertToClauses(formula: Formula): Clauses {
  const atoms = new Map<string, number>();
  const clauses: number[][] = [];
  let variables = 0;
  const visit = (node: Formula): number => {
    if (node.kind === 'not') return -visit(node.operand);
    if (node.kind === 'atom') {
      const known = atoms.get(node.name) ?? ++variables;
      atoms.set(node.name, known);
      return known;
    }
    const left = visit(node.left);
    const right = visit(node.right);
    const self = ++variables;
    clauses.push(...DEFINITIONS[node.kind](self, left, right));
    return self;
  };
  clauses.push([visit(formula)]);
  return { variables, clauses, atoms };
}

/** Clauses that make a variable equal to two literals under a connective. */
const DEFINITIONS = {
  and: (self: number, left: number, right: number) => [
    [-self, left],
    [-self, right],
    [self, -left, -right],
  ],
  or: (self: number, left: number, right: number) => [
    [self, -left],
    [self, -right],
    [-self, left, right],
  ],
  implies: (self: number, left: number, right: number) => [
    [self, left],
    [self, -right],
    [-self, -left, right],
  ],
  iff: (self: number, left: number, right: number) => [
    [-self, -left, right],
    [-self, left, -right],
    [self, left, right],
    [self, -left, -right],
  ],
};
