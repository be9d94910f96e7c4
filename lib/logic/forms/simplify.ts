import { listAtoms, renameAtoms } from '../formula/atoms.js';
import { measureComplexity } from '../formula/complexity.js';
import { and, atom, combine, not, or } from '../formula/formula.js';
import type { Formula } from '../formula/formula.js';
import { buildTruthTable, listRows } from '../semantics/truth-table.js';
import type { TruthTable } from '../semantics/truth-table.js';
import { foldBinary, foldNegation, substituteValue } from './fold-constants.js';
import type { Folded } from './fold-constants.js';
import { coverRows } from './prime-implicants.js';
import type { Implicant } from './prime-implicants.js';
import { MOST_LISTED_ATOMS, findShortest, placeholders } from './shortest-formulas.js';

/** Atoms up to which the truth table of a part is looked at. */
const MOST_TABLED = 10;
/** Atoms up to which sums of products are tried. */
const MOST_COVERED = 8;

/**
 * A short formula that is equivalent to another. Of up to three atoms that matter it has the fewest connectives there can be;
 * of more it is the shortest that was found: parts are shortened by themselves, atoms that don't matter go, and sums of
 * products and products of sums are tried.
 *
 * @param formula - any formula
 * @returns an equivalent formula with no more connectives; what is true or false everywhere becomes A ∨ ¬A or A ∧ ¬A
 * @example printFormula(simplify(parseFormula('p & (p | q)'))) // p
 */
export function simplify(formula: Formula): Formula {
  const reduced = reduce(formula);
  if (typeof reduced === 'boolean') return writeConstant(reduced, listAtoms(formula).sort()[0]!);
  return [reduced, ...listCovers(reduced), formula].reduce((best, next) => (size(next) < size(best) ? next : best));
}

function size(formula: Formula): number {
  const { connectives, negations } = measureComplexity(formula);
  return connectives + negations;
}

function writeConstant(value: boolean, name: string): Formula {
  const letter = atom(name);
  return combine(value ? 'or' : 'and', letter, not(letter));
}

/** Shortens parts from the inside out. */
function reduce(formula: Formula): Folded {
  if (formula.kind === 'atom') return formula;
  if (formula.kind === 'not') return shorten(foldNegation(reduce(formula.operand)));
  return shorten(foldBinary(formula.kind, reduce(formula.left), reduce(formula.right)));
}

/** Shortens a formula by its truth table, where that is small. */
function shorten(formula: Folded): Folded {
  if (typeof formula === 'boolean' || listAtoms(formula).length > MOST_TABLED) return formula;
  const table = buildTruthTable(formula);
  const first = listRows(table, true, 1)[0];
  if (first === undefined) return false;
  if (listRows(table, false, 1).length === 0) return true;
  const needless = table.atoms.find((_, index) => !matters(table, index));
  if (needless !== undefined) return shorten(substituteValue(formula, needless, false));
  return table.atoms.length <= MOST_LISTED_ATOMS ? chooseShorter(formula, lookUp(table)) : formula;
}

function chooseShorter(a: Formula, b: Formula): Formula {
  return size(b) < size(a) ? b : a;
}

/** True if the formula changes with an atom in some row. */
function matters({ atoms, rows, bits }: TruthTable, index: number): boolean {
  const step = 2 ** (atoms.length - 1 - index);
  const read = (row: number): number => (bits[row >>> 5]! >>> (row & 31)) & 1;
  for (let row = 0; row < rows; row++) if ((row & step) === 0 && read(row) !== read(row + step)) return true;
  return false;
}

/** The shortest formula of a table of up to three atoms. */
function lookUp({ atoms, rows, bits }: TruthTable): Formula {
  let wide = bits[0]!;
  for (let filled = rows; filled < 8; filled *= 2) wide |= wide << filled;
  const used = placeholders.slice(MOST_LISTED_ATOMS - atoms.length);
  return renameAtoms(findShortest(wide & 255), new Map(used.map((name, index) => [name, atoms[index]!])));
}

/** The formula as a sum of products and as a product of sums. */
function listCovers(formula: Formula): Formula[] {
  if (listAtoms(formula).length > MOST_COVERED) return [];
  const table = buildTruthTable(formula);
  const { atoms } = table;
  const products = coverRows(listRows(table, true), atoms.length).map((product) => writeProduct(product, atoms));
  const sums = coverRows(listRows(table, false), atoms.length).map((product) => writeSum(product, atoms));
  return [products.reduce(or), sums.reduce(and)];
}

function writeProduct(product: Implicant, atoms: readonly string[]): Formula {
  return listLiterals(product, atoms, true).reduce(and);
}

/** The negation of a product. */
function writeSum(product: Implicant, atoms: readonly string[]): Formula {
  return listLiterals(product, atoms, false).reduce(or);
}

function listLiterals({ value, mask }: Implicant, atoms: readonly string[], positive: boolean): Formula[] {
  const places = atoms.map((name, index) => [name, 2 ** (atoms.length - 1 - index)] as const);
  return places
    .filter(([, bit]) => (mask & bit) !== 0)
    .map(([name, bit]) => (((value & bit) !== 0) === positive ? atom(name) : not(atom(name))));
}
