import { Random, checkOptions, expectInteger, expectOneOf, expectProbability, raise } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import { complexityLevels } from '../../formula/complexity.js';
import { countBy, describeStage } from '../stages/stage-statistics.js';
import type { Counts, StageStatistics } from '../stages/stage-statistics.js';
import type { LogicRecord } from '../records/record.js';
import { countLeakage } from './count-leakage.js';
import type { LeakageCounts } from './count-leakage.js';
import { assignGroups, splitNames } from './assign-groups.js';
import type { SplitName } from './assign-groups.js';
import { groupSources, joinGroups } from './groups.js';
import type { SourceGroups } from './groups.js';
import { drawHeldOutSurfaces, findHeldOutPart } from './held-out-surfaces.js';
import type { HeldOutSurfaces } from './held-out-surfaces.js';
import { listPatterns } from './patterns.js';
import type { Patterns } from './patterns.js';

/** The ways to split: by source alone, by patterns that training doesn't have, by words that it doesn't have. */
export const splitProtocols = ['P1', 'P2', 'P3'] as const;

/** A way of {@link splitProtocols}. */
export type SplitProtocol = (typeof splitProtocols)[number];

/** Settings of {@link splitRecords}. */
export interface SplitOptions {
  /** `P1` at random by source, `P2` by unseen patterns, `P3` by unseen words (default `P1`). */
  protocol?: SplitProtocol;
  /** The share of records for validation (default 0.1). */
  validation?: number;
  /** The share of records for the test (default 0.1). */
  test?: number;
  /** Draws (default 42). */
  seed?: number;
}

/** The keys of {@link SplitOptions}. */
export const splitKeys: OptionChecks<SplitOptions> = {
  protocol: (where, name, value) => expectOneOf(where, name, value, splitProtocols),
  validation: expectProbability,
  test: expectProbability,
  seed: expectInteger,
};

/** What the statistics of a split say beside those of every stage. */
export interface SplitStatistics extends StageStatistics {
  protocol: SplitProtocol;
  bySplit: Counts;
  /** What the parts share. */
  leakage: LeakageCounts[];
  /** The patterns that are always for training, of `P2`. */
  frequentPatterns?: string[];
  /** The constructions that are kept out of training, of `P3`. */
  heldOutSurfaces?: HeldOutSurfaces;
}

/** The parts of a split. */
export interface RecordSplits {
  /** From the simple to the advanced ones. */
  train: LogicRecord[];
  validation: LogicRecord[];
  test: LogicRecord[];
  /** Of `P2`: a test of patterns that training has, in other sentences. */
  testSeen?: LogicRecord[];
  statistics: SplitStatistics;
}

/** No more of the commonest patterns are always for training. */
const MOST_FREQUENT = 10;

/**
 * Splits records for training, validation and test. Records of one source, of one sentence or nearly one, or with common
 * parents stay together; the parts get their share of each level with each outermost connective. Each record gets its
 * `split` and both its patterns.
 *
 * @param records - clean ones
 * @param options - the protocol, the shares and the seed
 * @returns the parts, and counts with what they share
 * @throws DataError where two parts share a sentence; ArgumentError for shares that leave nothing for training
 * @example splitRecords(records, { protocol: 'P2' }).test
 */
export function splitRecords(records: readonly LogicRecord[], options: SplitOptions = {}): RecordSplits {
  checkOptions('splitRecords', options, splitKeys);
  return splitAnalyzed(records, options, analyzeRecords(records));
}

/** What all protocols need of records. */
export interface RecordAnalysis extends SourceGroups {
  patterns: readonly Patterns[];
}

/** Analyzes records for {@link splitAnalyzed}. */
export function analyzeRecords(records: readonly LogicRecord[]): RecordAnalysis {
  return { ...groupSources(records), patterns: listPatterns(records) };
}

/** Splits records that were analyzed, by checked options. */
export function splitAnalyzed(
  records: readonly LogicRecord[],
  options: SplitOptions,
  analysis: RecordAnalysis,
): RecordSplits {
  const startedAt = Date.now();
  const { protocol = 'P1', validation = 0.1, test = 0.1, seed = 42 } = options;
  const shares = { train: expectTraining(1 - validation - test), validation, test };
  const random = new Random(seed).split('split', protocol);
  const { patterns, near } = analysis;
  const plan = planProtocol(protocol, { records, analysis, shares, random });
  const dealt = assignGroups({ records, groups: plan.groups, fixed: plan.fixed, shares, random });
  const parts = records.map((_, place) => dealt.get(plan.groups[place]!)!);
  const seen = drawSeen(plan, parts, shares.test * records.length, random.split('seen'));
  const marked = records.map((record, place) => {
    return { ...record, split: seen.has(place) ? 'testSeen' : parts[place]!, ...patterns[place]! };
  });
  const leakage = countLeakage({
    records,
    parts: parts.map((part, i) => (seen.has(i) ? 'test' : part)),
    near,
    patterns,
  });
  const facts = { stage: 'split', input: records.length, seed, startedAt };
  const bySplit = countBy(marked, (record) => [record.split]);
  return {
    ...gatherParts(marked, protocol),
    statistics: { ...describeStage(marked, facts), protocol, bySplit, leakage, ...plan.notes },
  };
}

function expectTraining(share: number): number {
  if (share > 0) return share;
  raise('PAL_ARGUMENT', {
    where: 'splitRecords',
    expected: 'validation and test to leave something for training',
    received: `${1 - share} of the records`,
  });
}

function gatherParts(records: readonly LogicRecord[], protocol: SplitProtocol): Omit<RecordSplits, 'statistics'> {
  const select = (name: string): LogicRecord[] => records.filter(({ split }) => split === name);
  const train = complexityLevels.flatMap((level) => select('train').filter(({ complexity }) => complexity === level));
  const seen = protocol === 'P2' ? { testSeen: select('testSeen') } : {};
  return { train, validation: select('validation'), test: select('test'), ...seen };
}

/** Groups, and what is fixed about them. */
interface Plan {
  groups: Int32Array;
  fixed: Map<number, SplitName>;
  /** The groups by source alone, of which some records of patterns that training has become a test. */
  seenGroups?: Int32Array;
  notes: Partial<SplitStatistics>;
}

interface Planning {
  records: readonly LogicRecord[];
  analysis: RecordAnalysis;
  shares: Readonly<Record<SplitName, number>>;
  random: Random;
}

function planProtocol(protocol: SplitProtocol, planning: Planning): Plan {
  if (protocol === 'P2') return planByPattern(planning);
  if (protocol === 'P3') return planBySurface(planning);
  return { groups: planning.analysis.groups, fixed: new Map(), notes: {} };
}

/** Groups share patterns; those with the commonest ones train. */
function planByPattern({ analysis }: Planning): Plan {
  const keys = analysis.patterns.map(({ patternSyntactic }) => patternSyntactic);
  const groups = joinGroups(analysis.groups, keys);
  const counts = Object.entries(countBy(keys, (key) => [key])).sort(([a, i], [b, j]) => j - i || (a < b ? -1 : 1));
  const frequent = counts.slice(0, Math.min(MOST_FREQUENT, Math.floor(counts.length / 2))).map(([key]) => key);
  const training = new Set(frequent);
  const fixed = new Map<number, SplitName>();
  keys.forEach((key, place) => {
    if (training.has(key)) fixed.set(groups[place]!, 'train');
  });
  return { groups, fixed, seenGroups: analysis.groups, notes: { frequentPatterns: frequent } };
}

/** A group goes where the strictest of its records has to. */
function planBySurface({ records, analysis, shares, random }: Planning): Plan {
  const held = drawHeldOutSurfaces(records, shares, random.split('surfaces'));
  const fixed = new Map<number, SplitName>();
  records.forEach((record, place) => {
    const group = analysis.groups[place]!;
    const part = findHeldOutPart(record, held);
    if (splitNames.indexOf(part) >= splitNames.indexOf(fixed.get(group) ?? 'train')) fixed.set(group, part);
  });
  return { groups: analysis.groups, fixed, notes: { heldOutSurfaces: held } };
}

/** Records from training whose patterns it keeps: whole groups by source, until there are as many as half the test. */
function drawSeen({ fixed, groups, seenGroups }: Plan, parts: SplitName[], most: number, random: Random): Set<number> {
  if (seenGroups === undefined) return new Set();
  const members = new Map<number, number[]>();
  parts.forEach((part, place) => {
    if (part !== 'train' || !fixed.has(groups[place]!)) return;
    const group = seenGroups[place]!;
    members.set(group, [...(members.get(group) ?? []), place]);
  });
  const seen = new Set<number>();
  for (const group of random.shuffle([...members.values()])) {
    if (seen.size + group.length > most / 2) continue;
    for (const place of group) seen.add(place);
  }
  return seen;
}
