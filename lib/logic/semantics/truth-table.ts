import { expectInteger, raise } from '../../core/index.js';
import { listAtoms } from '../formula/atoms.js';
import type { Formula } from '../formula/formula.js';
import type { Valuation } from './valuation.js';

/** The most atoms of a truth table. */
export const MOST_TABLE_ATOMS = 20;

/** The values of a formula for every valuation of some atoms. */
export interface TruthTable {
  /** The columns. */
  readonly atoms: readonly string[];
  /** 2 to the number of atoms. */
  readonly rows: number;
  /** A bit a row, 32 in a word, the lowest first; bits beyond the rows are 0. */
  readonly bits: Uint32Array;
}

/** The values of an atom in the 32 rows of a word, by the log2 of the rows after which it changes. */
const PATTERNS = [0xaaaaaaaa, 0xcccccccc, 0xf0f0f0f0, 0xff00ff00, 0xffff0000];

/**
 * The truth table of a formula, 32 rows at a time. Rows are in lexicographic order with false before true: the first atom
 * changes last.
 *
 * @param formula - any formula
 * @param atoms - the columns, at most 20, all of the formula's among them (default: the formula's, sorted)
 * @returns the table
 * @throws ArgumentError for more than 20 atoms, and for one of the formula's that is no column
 */
export function buildTruthTable(formula: Formula, atoms: readonly string[] = listAtoms(formula).sort()): TruthTable {
  if (atoms.length > MOST_TABLE_ATOMS) refuseAtoms(`at most ${MOST_TABLE_ATOMS} atoms`, String(atoms.length));
  if (new Set(atoms).size !== atoms.length) refuseAtoms('atoms that differ', atoms.join(', '));
  const places = new Map(atoms.map((name, index) => [name, atoms.length - 1 - index]));
  const rows = 2 ** atoms.length;
  const bits = computeBits(formula, places, Math.ceil(rows / 32));
  if (rows < 32) bits[0]! &= 2 ** rows - 1;
  return { atoms, rows, bits };
}

function computeBits(formula: Formula, places: ReadonlyMap<string, number>, words: number): Uint32Array {
  if (formula.kind === 'atom') return fillAtom(places.get(formula.name) ?? refuseMissing(formula.name), words);
  if (formula.kind === 'not') {
    const operand = computeBits(formula.operand, places, words);
    for (let i = 0; i < words; i++) operand[i] = ~operand[i]!;
    return operand;
  }
  const left = computeBits(formula.left, places, words);
  const right = computeBits(formula.right, places, words);
  JOINS[formula.kind](left, right);
  return left;
}

/** Each leaves its result in the first array. */
const JOINS = {
  and: (left: Uint32Array, right: Uint32Array): void => {
    for (let i = 0; i < left.length; i++) left[i]! &= right[i]!;
  },
  or: (left: Uint32Array, right: Uint32Array): void => {
    for (let i = 0; i < left.length; i++) left[i]! |= right[i]!;
  },
  implies: (left: Uint32Array, right: Uint32Array): void => {
    for (let i = 0; i < left.length; i++) left[i] = ~left[i]! | right[i]!;
  },
  iff: (left: Uint32Array, right: Uint32Array): void => {
    for (let i = 0; i < left.length; i++) left[i] = ~(left[i]! ^ right[i]!);
  },
};

/** The column of an atom that changes after 2^place rows. */
function fillAtom(place: number, words: number): Uint32Array {
  const bits = new Uint32Array(words);
  if (place < 5) return bits.fill(PATTERNS[place]!);
  const block = 2 ** (place - 5);
  for (let start = block; start < words; start += 2 * block) bits.fill(0xffffffff, start, start + block);
  return bits;
}

/**
 * The value of a row.
 *
 * @param table - a truth table
 * @param row - from 0
 * @returns the formula's value there
 */
export function readRow(table: TruthTable, row: number): boolean {
  if (expectInteger('readRow', 'row', row) < 0 || row >= table.rows) refuseRow(row, table.rows);
  return ((table.bits[row >>> 5]! >>> (row & 31)) & 1) === 1;
}

/**
 * The valuation of a row.
 *
 * @param table - a truth table
 * @param row - from 0
 * @returns the value of each atom there
 */
export function readValuation(table: TruthTable, row: number): Valuation {
  if (expectInteger('readValuation', 'row', row) < 0 || row >= table.rows) refuseRow(row, table.rows);
  const { atoms } = table;
  return Object.fromEntries(atoms.map((name, index) => [name, ((row >>> (atoms.length - 1 - index)) & 1) === 1]));
}

/**
 * The rows in which a formula is true, or false.
 *
 * @param table - a truth table
 * @param value - of the rows
 * @param most - how many to list at most (default: all)
 * @returns their numbers, ascending
 */
export function listRows(table: TruthTable, value: boolean, most = Infinity): number[] {
  const { bits, rows } = table;
  const found: number[] = [];
  for (let row = 0; row < rows && found.length < most; row++) {
    if ((((bits[row >>> 5]! >>> (row & 31)) & 1) === 1) === value) found.push(row);
  }
  return found;
}

/**
 * The rows in which a formula is true.
 *
 * @param table - a truth table
 * @returns their number
 */
export function countTrueRows(table: TruthTable): number {
  return table.bits.reduce((sum, word) => sum + countBits(word), 0);
}

function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function refuseMissing(name: string): never {
  return refuseAtoms(`atoms to hold every atom of the formula`, `none called ${name}`);
}

function refuseAtoms(expected: string, received: string): never {
  raise('PAL_ARGUMENT', {
    where: 'buildTruthTable',
    expected,
    received,
    fix: `Beyond ${MOST_TABLE_ATOMS} atoms, equivalent, isTautology and findModel search instead.`,
  });
}

function refuseRow(row: number, rows: number): never {
  raise('PAL_ARGUMENT', { where: 'TruthTable', expected: `a row from 0 to ${rows - 1}`, received: String(row) });
}
