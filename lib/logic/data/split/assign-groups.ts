import type { Random } from '../../../core/index.js';
import { measureComplexity } from '../../formula/complexity.js';
import { parseFormula } from '../../formula/parse-formula.js';
import type { LogicRecord } from '../records/record.js';

/** The parts of a split. */
export const splitNames = ['train', 'validation', 'test'] as const;

/** A part of {@link splitNames}. */
export type SplitName = (typeof splitNames)[number];

/** How much of the records each part gets. */
export type SplitShares = Readonly<Record<SplitName, number>>;

/** What is dealt out. */
export interface Deal {
  records: readonly LogicRecord[];
  /** The group of each record. */
  groups: Int32Array;
  /** Parts that are known before, by group. */
  fixed: ReadonlyMap<number, SplitName>;
  shares: SplitShares;
  /** Orders groups of one size. */
  random: Random;
}

/**
 * Deals whole groups out to the parts of a split, so that each part gets its share of every level with every outermost
 * connective: the largest groups first, each to the part that lacks most of what it holds.
 *
 * @param deal - records, their groups and the shares
 * @returns the part of each group
 */
export function assignGroups(deal: Deal): Map<number, SplitName> {
  const { records, groups, fixed, shares, random } = deal;
  const cells = records.map(describeCell);
  const members = new Map<number, string[]>();
  groups.forEach((group, place) => {
    const known = members.get(group);
    if (known === undefined) members.set(group, [cells[place]!]);
    else known.push(cells[place]!);
  });
  const ledger = new Ledger(cells, shares);
  const parts = new Map(fixed);
  for (const [group, part] of fixed) ledger.add(part, members.get(group)!);
  const open = random.shuffle([...members.keys()].filter((group) => !fixed.has(group)));
  open.sort((a, b) => members.get(b)!.length - members.get(a)!.length);
  for (const group of open) {
    const part = ledger.choosePart(members.get(group)!);
    parts.set(group, part);
    ledger.add(part, members.get(group)!);
  }
  return parts;
}

function describeCell({ formula }: LogicRecord): string {
  const { level, root } = measureComplexity(parseFormula(formula));
  return `${level} ${root}`;
}

/** What each part has of each level and outermost connective, and what it is to get. */
class Ledger {
  readonly #totals = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  readonly #shares: SplitShares;

  constructor(cells: readonly string[], shares: SplitShares) {
    for (const cell of cells) this.#totals.set(cell, (this.#totals.get(cell) ?? 0) + 1);
    this.#shares = shares;
  }

  add(part: SplitName, cells: readonly string[]): void {
    for (const cell of cells) this.#counts.set(`${part} ${cell}`, this.#count(part, cell) + 1);
  }

  choosePart(cells: readonly string[]): SplitName {
    const open = splitNames.filter((part) => this.#shares[part] > 0);
    const lacks = open.map((part) => cells.reduce((sum, cell) => sum + this.#measureLack(part, cell), 0));
    return open[lacks.indexOf(Math.max(...lacks))]!;
  }

  /** The share of its target that a part lacks. */
  #measureLack(part: SplitName, cell: string): number {
    const target = this.#totals.get(cell)! * this.#shares[part];
    return (target - this.#count(part, cell)) / target;
  }

  #count(part: SplitName, cell: string): number {
    return this.#counts.get(`${part} ${cell}`) ?? 0;
  }
}
