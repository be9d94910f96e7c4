import { expectBoolean, checkOptions, raise } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { listAtoms, renameAtoms } from '../formula/atoms.js';
import { canonicalize } from '../formula/canonicalize.js';
import type { Formula } from '../formula/formula.js';
import { printFormula } from '../formula/print-formula.js';
import { buildTruthTable } from '../semantics/truth-table.js';
import { listPermutations } from './permutations.js';
import { refineColours } from './refine-colours.js';

/** Settings of {@link computeSemanticPattern}. */
export interface SemanticPatternOptions {
  /** Whether formulas that differ by the negation of atoms throughout share a pattern (default false). */
  ignorePolarity?: boolean | undefined;
}

/** The keys of {@link SemanticPatternOptions}. */
export const semanticPatternKeys: OptionChecks<SemanticPatternOptions> = { ignorePolarity: expectBoolean };

/** Atoms up to which every order is tried. */
const MOST_ORDERED = 6;

/**
 * A text that formulas share exactly if they differ in nothing but the names of atoms, the order and grouping of ∧, ∨ and ↔,
 * and double negation. Above six atoms, formulas of one pattern may get different texts where many atoms play like parts.
 *
 * @param formula - any formula
 * @returns the canonical form with atoms x1, x2, …, of all their orders the first one by text
 */
export function computeSyntacticPattern(formula: Formula): string {
  const canonical = canonicalize(formula);
  const atoms = listAtoms(canonical);
  const orders = atoms.length <= MOST_ORDERED ? listPermutations(atoms) : [refineColours(canonical, atoms)];
  let first: string | undefined;
  for (const order of orders) {
    const names = new Map(order.map((name, index) => [name, `x${index + 1}`]));
    const text = printFormula(renameAtoms(canonical, names), 'canonical');
    if (first === undefined || text < first) first = text;
  }
  return first!;
}

/**
 * A text that formulas share exactly if they are equivalent after renaming atoms one to one.
 *
 * @param formula - a formula of at most six atoms
 * @param options - whether the negation of atoms throughout is forgotten too
 * @returns the number of atoms and, of all their orders, the first truth table by text
 * @throws ArgumentError for more than six atoms
 */
export function computeSemanticPattern(formula: Formula, options: SemanticPatternOptions = {}): string {
  const { ignorePolarity = false } = checkOptions('computeSemanticPattern', options, semanticPatternKeys);
  const atoms = listAtoms(formula);
  if (atoms.length > MOST_ORDERED) refuseAtoms(atoms.length);
  const flips = ignorePolarity ? 2 ** atoms.length : 1;
  let first: string | undefined;
  for (const order of listPermutations(atoms)) {
    const values = readValues(formula, order);
    for (let flip = 0; flip < flips; flip++) {
      const text = values.map((_, row) => values[row ^ flip]).join('');
      if (first === undefined || text < first) first = text;
    }
  }
  return `${atoms.length}:${first!}`;
}

/** 0 or 1 for each row. */
function readValues(formula: Formula, atoms: readonly string[]): number[] {
  const { bits, rows } = buildTruthTable(formula, atoms);
  return Array.from({ length: rows }, (_, row) => (bits[row >>> 5]! >>> (row & 31)) & 1);
}

function refuseAtoms(received: number): never {
  raise('PAL_ARGUMENT', {
    where: 'computeSemanticPattern',
    expected: `a formula of at most ${MOST_ORDERED} atoms`,
    received: String(received),
    fix: 'computeSyntacticPattern takes any number.',
  });
}
