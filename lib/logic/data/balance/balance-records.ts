import { Random, checkOptions, expectInteger, expectProbability, expectRange } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import { connectiveSymbols } from '../records/record.js';
import type { LogicRecord } from '../records/record.js';
import { countBy, describeStage } from '../stages/stage-statistics.js';
import type { StageStatistics } from '../stages/stage-statistics.js';
import type { BalanceTarget } from './balance-target.js';
import { evenLevels, expectLevelShares, findLevelExcess, judgeLevels } from './level-shares.js';
import type { LevelShares } from './level-shares.js';
import { weighSurfaces } from './weigh-surfaces.js';

/** Settings of {@link balanceRecords}. */
export interface BalanceOptions {
  /** What is aimed at for each level, as parts of any whole; 0 takes a level out (default: as many of each). */
  levelShares?: LevelShares;
  /** No level has more records by its share than the scarcest one times this (default 1.25). */
  levelTolerance?: number;
  /** No domain has a larger share (default 0.25). */
  domainCap?: number;
  /** Each connective stands in at least this share of the formulas (default 0.15). */
  connectiveFloor?: number;
  /** ↔ stands in at most this share (default 0.25). */
  iffCap?: number;
  /** Each construction gets at least this share by weight (default 0.005). */
  surfaceFloor?: number;
  /** A target that would leave a smaller share of the records is given up and told (default 0.25). */
  leastKept?: number;
  /** Draws what goes (default 42). */
  seed?: number;
}

const expectTolerance = (where: string, name: string, value: unknown): unknown =>
  expectRange(where, name, value, { min: 1, max: 1000 });

/** The keys of {@link BalanceOptions}. */
export const balanceKeys: OptionChecks<BalanceOptions> = {
  levelShares: expectLevelShares,
  levelTolerance: expectTolerance,
  domainCap: expectProbability,
  connectiveFloor: expectProbability,
  iffCap: expectProbability,
  surfaceFloor: expectProbability,
  leastKept: expectProbability,
  seed: expectInteger,
};

/** What {@link balanceRecords} leaves. */
export interface BalancedRecords {
  /** In their order; some with a `weight` above 1. */
  records: LogicRecord[];
  statistics: StageStatistics & { targets: BalanceTarget[] };
}

/** A share that is to hold: of the records that have something, or of those that lack it. */
interface Bound {
  name: string;
  bound: 'least' | 'most';
  target: number;
  has: (record: LogicRecord) => boolean;
}

/**
 * Removes records until levels, domains and connectives have their shares, none of them twice: each bound in turn, with
 * the total counted anew, until all hold. Records with what is scarce go last. Constructions that are rare get a weight.
 *
 * @param records - clean ones
 * @param options - the shares
 * @returns the records left in their order, and for each target what was reached
 */
export function balanceRecords(records: readonly LogicRecord[], options: BalanceOptions = {}): BalancedRecords {
  checkOptions('balanceRecords', options, balanceKeys);
  const startedAt = Date.now();
  const { seed = 42, surfaceFloor = 0.005 } = options;
  const bounds = listBounds(records, options);
  const feasible = bounds.filter((bound) => isFeasible(records, bound, options.leastKept ?? 0.25));
  const removed = new Map<LogicRecord, string>();
  const kept = removeUntilBalanced(rankForRemoval(records, feasible, seed), feasible, options, removed);
  const ordered = records.filter((record) => kept.has(record));
  const removedByReason = countBy([...removed.values()], (reason) => [reason]);
  const weighed = weighSurfaces(ordered, surfaceFloor);
  const facts = { stage: 'balance', input: records.length, removedByReason, seed, startedAt };
  const targets = [
    ...bounds.map((bound) => judge(ordered, bound)),
    ...judgeLevels(ordered, options.levelShares ?? evenLevels, options.levelTolerance ?? 1.25),
    ...weighed.targets,
  ];
  return { records: weighed.records, statistics: { ...describeStage(ordered, facts), targets } };
}

function listBounds(records: readonly LogicRecord[], options: BalanceOptions): Bound[] {
  const { domainCap = 0.25, connectiveFloor = 0.15, iffCap = 0.25 } = options;
  const domains = Object.keys(countBy(records, ({ domain }) => [domain])).sort();
  return [
    // Too few domains can't all stay below the cap.
    ...(domains.length * domainCap < 1 ? [] : domains).map((name): Bound => ({
      name,
      bound: 'most',
      target: domainCap,
      has: ({ domain }) => domain === name,
    })),
    ...connectiveSymbols.map((name): Bound => {
      return { name, bound: 'least', target: connectiveFloor, has: ({ formula }) => formula.includes(name) };
    }),
    { name: '↔', bound: 'most', target: iffCap, has: ({ formula }) => formula.includes('↔') },
  ];
}

/** Whether enough would be left if this were the only bound. */
function isFeasible(records: readonly LogicRecord[], { bound, target, has }: Bound, leastKept: number): boolean {
  const count = records.filter(has).length;
  const left = bound === 'least' ? count / target : (records.length - count) / (1 - target);
  return left >= leastKept * records.length;
}

/** The records in the order in which they may go: at random, but those with a scarce connective last. */
function rankForRemoval(records: readonly LogicRecord[], bounds: readonly Bound[], seed: number): LogicRecord[] {
  const scarce = bounds.filter(
    ({ bound, target, has }) => bound === 'least' && records.filter(has).length < 1.5 * target * records.length,
  );
  const value = (record: LogicRecord): number => scarce.filter(({ has }) => has(record)).length;
  const drawn = new Random(seed).split('balance').shuffle(records.map((record) => ({ record, value: value(record) })));
  return drawn.sort((a, b) => a.value - b.value).map(({ record }) => record);
}

function removeUntilBalanced(
  ranked: readonly LogicRecord[],
  bounds: readonly Bound[],
  options: BalanceOptions,
  removed: Map<LogicRecord, string>,
): Set<LogicRecord> {
  const { levelShares = evenLevels, levelTolerance = 1.25 } = options;
  const kept = new Set(ranked);
  const least = (options.leastKept ?? 0.25) * ranked.length;
  const remove = (reason: string, count: number, from: (record: LogicRecord) => boolean): void => {
    let left = kept.size - count < least ? 0 : count;
    for (const record of kept) {
      if (left <= 0) return;
      if (!from(record)) continue;
      kept.delete(record);
      removed.set(record, reason);
      left--;
    }
  };
  for (let before = -1; before !== kept.size;) {
    before = kept.size;
    for (const { level, excess } of findLevelExcess(kept, levelShares, levelTolerance))
      remove('level', excess, ({ complexity }) => complexity === level);
    for (const bound of bounds) {
      const { has, name } = bound;
      const excess = findExcess(kept, bound);
      remove(bound.bound === 'least' ? `without ${name}` : `with ${name}`, excess, (record) => {
        return has(record) === (bound.bound === 'most');
      });
    }
  }
  return kept;
}

/** How many records have to go for a bound to hold. */
function findExcess(kept: ReadonlySet<LogicRecord>, { bound, target, has }: Bound): number {
  let count = 0;
  for (const record of kept) if (has(record)) count++;
  if (bound === 'least') return target === 0 ? 0 : kept.size - Math.floor(count / target);
  return target === 1 ? 0 : count - Math.floor((target * (kept.size - count)) / (1 - target) + 1e-9);
}

function judge(records: readonly LogicRecord[], { name, bound, target, has }: Bound): BalanceTarget {
  const reached = records.filter(has).length / Math.max(1, records.length);
  return { name, bound, target, reached, met: bound === 'least' ? reached >= target : reached <= target + 1e-9 };
}
