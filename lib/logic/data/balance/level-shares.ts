import { expectRange, isPlainSettings, raise, show } from '../../../core/index.js';
import { complexityLevels } from '../../formula/complexity.js';
import type { ComplexityLevel } from '../../formula/complexity.js';
import { countBy } from '../stages/stage-statistics.js';
import type { LogicRecord } from '../records/record.js';
import type { BalanceTarget } from './balance-target.js';

/** What is aimed at for each level, as parts of any whole. */
export type LevelShares = Readonly<Record<ComplexityLevel, number>>;

/** A level, and how many of its records are too many. */
export interface LevelExcess {
  level: ComplexityLevel;
  excess: number;
}

/** As many of each. */
export const evenLevels: LevelShares = { simple: 1, intermediate: 1, advanced: 1 };

/**
 * Checks a share for each level.
 *
 * @param where - the public function
 * @param name - of the option
 * @param value - given
 * @returns the shares
 * @throws ArgumentError unless each level has a number of at least 0, and one of them more
 */
export function expectLevelShares(where: string, name: string, value: unknown): LevelShares {
  const shares = isPlainSettings(value) ? value : {};
  const known = Object.keys(shares).filter((key) => complexityLevels.includes(key as ComplexityLevel));
  if (known.length !== complexityLevels.length || Object.keys(shares).length !== known.length)
    refuse(where, name, value);
  for (const level of complexityLevels) expectRange(where, `${name}.${level}`, shares[level], { min: 0, max: 1e6 });
  return complexityLevels.some((level) => Number(shares[level]) > 0)
    ? (shares as LevelShares)
    : refuse(where, name, value);
}

/**
 * How many records of each level go beyond its share: the level that is scarcest by its share decides on the others.
 *
 * @param records - those that are left
 * @param shares - by level
 * @param tolerance - the factor by which a level may go beyond, from 1
 * @returns the excess of each level, 0 or less where there is none
 */
export function findLevelExcess(records: Iterable<LogicRecord>, shares: LevelShares, tolerance: number): LevelExcess[] {
  const counts = countLevels(records);
  const unit = tolerance * findUnit(counts, shares);
  // 3 · (0.33 / 0.33) is to be 3 in spite of rounding.
  return complexityLevels.map((level) => ({ level, excess: counts[level] - Math.floor(unit * shares[level] + 1e-9) }));
}

/**
 * What was reached for each level.
 *
 * @param records - those that are left
 * @param shares - by level
 * @param tolerance - the factor by which a level may go beyond
 * @returns for each level the ratio of what it has by its share to the least that any has
 */
export function judgeLevels(records: readonly LogicRecord[], shares: LevelShares, tolerance: number): BalanceTarget[] {
  const counts = countLevels(records);
  const wanted = complexityLevels.filter((level) => shares[level] > 0);
  // Where a level is missing, the others are beyond any tolerance.
  const least = Math.max(1, Math.min(...wanted.map((level) => counts[level] / shares[level])));
  return complexityLevels.map((name) => {
    const reached = shares[name] === 0 ? counts[name] : counts[name] / shares[name] / least;
    return { name, bound: 'most', target: tolerance, reached, met: reached <= tolerance + 1e-9 };
  });
}

/** The records that stand for a share of 1 where the scarcest level has all it can; levels without a share say nothing. */
function findUnit(counts: Readonly<Record<ComplexityLevel, number>>, shares: LevelShares): number {
  const present = complexityLevels.filter((level) => counts[level] > 0 && shares[level] > 0);
  return present.length === 0 ? 0 : Math.min(...present.map((level) => counts[level] / shares[level]));
}

function countLevels(records: Iterable<LogicRecord>): Record<ComplexityLevel, number> {
  return { simple: 0, intermediate: 0, advanced: 0, ...countBy([...records], ({ complexity }) => [complexity]) };
}

function refuse(where: string, name: string, value: unknown): never {
  return raise('PAL_ARGUMENT', {
    where,
    expected: `${name} with a number for each of ${complexityLevels.join(', ')}, not all 0`,
    received: show(value),
    details: { name },
  });
}
