import { atom, combine, not } from '../formula/formula.js';
import type { BinaryKind, Formula } from '../formula/formula.js';

/** The most atoms whose functions are all at hand. */
export const MOST_LISTED_ATOMS = 3;

/** The truth tables of the three placeholders, a bit a row, and how a connective joins tables. */
const COLUMNS = [0b11110000, 0b11001100, 0b10101010];
const ALL = 0b11111111;
const JOINS: readonly (readonly [BinaryKind, (a: number, b: number) => number])[] = [
  ['and', (a, b) => a & b],
  ['or', (a, b) => a | b],
  ['implies', (a, b) => (~a & ALL) | b],
  ['iff', (a, b) => ~(a ^ b) & ALL],
];

/** The names under which {@link findShortest} knows atoms. */
export const placeholders: readonly string[] = ['a', 'b', 'c'];

let known: ReadonlyMap<number, Formula> | undefined;

/**
 * A formula with the fewest connectives, ¬ counted, for a function of three atoms.
 *
 * @param bits - the truth table over {@link placeholders}, the first atom changing last, row 0 in the lowest bit
 * @returns the formula
 */
export function findShortest(bits: number): Formula {
  known ??= listShortest();
  return known.get(bits)!;
}

/** Formulas by their truth tables, in the order of their connectives: what is found first is shortest. */
function listShortest(): Map<number, Formula> {
  const found = new Map<number, Formula>();
  const bySize: [number, Formula][][] = [[]];
  const add = (bits: number, make: () => Formula, size: number): void => {
    if (found.has(bits)) return;
    const formula = make();
    found.set(bits, formula);
    bySize[size]!.push([bits, formula]);
  };
  COLUMNS.forEach((bits, index) => add(bits, () => atom(placeholders[index]!), 0));
  for (let size = 1; found.size < ALL + 1; size++) {
    bySize.push([]);
    for (const [bits, formula] of bySize[size - 1]!) add(~bits & ALL, () => not(formula), size);
    for (let left = 0; left < size; left++) {
      for (const [a, first] of bySize[left]!) {
        for (const [b, second] of bySize[size - 1 - left]!) {
          for (const [kind, join] of JOINS) add(join(a, b), () => combine(kind, first, second), size);
        }
      }
    }
  }
  return found;
}
