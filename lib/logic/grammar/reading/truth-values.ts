import type { Formula } from '../../formula/formula.js';

/** The truth values of a statement over all valuations of up to seven atoms, a bit each. */
export type Values = bigint;

/** Truth values of formulas over a fixed number of atoms. */
export interface ValueSpace {
  /** All bits. */
  all: Values;
  /** The values of each atom. */
  atoms: readonly Values[];
}

/**
 * The truth values of atoms.
 *
 * @param count - of the atoms
 * @returns the space in which their formulas are compared
 */
export function makeValueSpace(count: number): ValueSpace {
  const rows = 2 ** count;
  const all = (1n << BigInt(rows)) - 1n;
  const atoms = Array.from({ length: count }, (_, place) => makeColumn(rows, 2 ** place));
  return { all, atoms };
}

function makeColumn(rows: number, period: number): Values {
  let column = 0n;
  for (let row = 0; row < rows; row++) if (Math.floor(row / period) % 2 === 1) column |= 1n << BigInt(row);
  return column;
}

/**
 * The truth values of a formula whose letters stand for statements.
 *
 * @param formula - of a construction
 * @param parts - the values of each letter
 * @param all - all bits
 * @returns its values
 */
export function computeValues(formula: Formula, parts: ReadonlyMap<string, Values>, all: Values): Values {
  if (formula.kind === 'atom') return parts.get(formula.name)!;
  if (formula.kind === 'not') return all ^ computeValues(formula.operand, parts, all);
  const left = computeValues(formula.left, parts, all);
  const right = computeValues(formula.right, parts, all);
  if (formula.kind === 'and') return left & right;
  if (formula.kind === 'or') return left | right;
  return formula.kind === 'implies' ? (all ^ left) | right : all ^ left ^ right;
}
