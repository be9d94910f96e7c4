import { Random, checkOptions, expectBoolean, expectCount, expectInteger } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import { parseFormula } from '../../formula/parse-formula.js';
import { findRepetitions } from '../clean/deduplicate.js';
import type { LogicRecord } from '../records/record.js';
import { countBy, describeStage } from '../stages/stage-statistics.js';
import type { Counts, StageStatistics } from '../stages/stage-statistics.js';
import { composeRecords } from './compose-records.js';
import { deriveRecord } from './derive-record.js';
import { moveCondition } from './move-condition.js';
import { replaceCues } from './replace-cues.js';
import { rewriteFormula } from './rewrite-formula.js';

/** Settings of {@link augmentRecords}. */
export interface AugmentOptions {
  /** The most records that are made of one (default 2). */
  maxPerExample?: number;
  /** The most that are made of two (default 500); never more than a tenth of the records. */
  compositions?: number;
  /** Makes records of equivalent formulas too, so that a sentence has several targets (default false). */
  rewrites?: boolean;
  /** Draws what is made (default 42). */
  seed?: number;
}

/** The keys of {@link AugmentOptions}. */
export const augmentKeys: OptionChecks<AugmentOptions> = {
  ...{ maxPerExample: expectCount, compositions: expectCount, rewrites: expectBoolean, seed: expectInteger },
};

/** What {@link augmentRecords} leaves. */
export interface AugmentedRecords {
  /** Those that were given, then those that were made. */
  records: LogicRecord[];
  statistics: StageStatistics & { byTransform: Counts };
}

/** The share of the records that compositions are at most. */
const COMPOSED = 0.1;

/**
 * Makes more records of clean ones: a connective in the other words of its construction, «Si P, Q» as «Q si P», two
 * sentences as one. A record that is made has the source of what it is made of, so that no split parts them, and names its
 * parents. Sentences keep one formula each unless `rewrites` asks for equivalent ones.
 *
 * @param records - clean ones
 * @param options - how many, and the seed
 * @returns all records, and counts by what was done
 */
export function augmentRecords(records: readonly LogicRecord[], options: AugmentOptions = {}): AugmentedRecords {
  const {
    maxPerExample = 2,
    compositions = 500,
    rewrites = false,
    seed = 42,
  } = checkOptions('augmentRecords', options, augmentKeys);
  const startedAt = Date.now();
  const random = new Random(seed).split('augment');
  const said = records.flatMap((record) => drawSome(sayOtherwise(record), maxPerExample, random.split(record.id)));
  const most = Math.min(compositions, Math.floor(COMPOSED * records.length));
  const composed = composeRecords(records, most, random.split('compose'));
  const { kept, removedByReason } = removeRepetitions(records, [...said, ...composed]);
  const rewritten = rewrites
    ? records.flatMap((record) => rewriteRecord(record, maxPerExample, random.split('rewrite', record.id)))
    : [];
  const made = [...kept, ...rewritten];
  const all = [...records, ...made];
  const facts = { stage: 'augment', input: records.length, removedByReason, seed, startedAt };
  const byTransform = countBy(made, ({ provenance }) => [provenance.transform!]);
  return { records: all, statistics: { ...describeStage(all, facts), byTransform } };
}

/** What says the same in other words. */
function sayOtherwise(record: LogicRecord): LogicRecord[] {
  const moved = moveCondition(record);
  return [...replaceCues(record), ...(moved === undefined ? [] : [moved])];
}

function drawSome(made: LogicRecord[], most: number, random: Random): LogicRecord[] {
  return random.shuffle(made).slice(0, most);
}

/** New records that repeat others go; those that were given stay as they are. */
function removeRepetitions(given: readonly LogicRecord[], made: readonly LogicRecord[]) {
  const marks = findRepetitions([...given, ...made]);
  const reasons = made.flatMap((_, place) => marks.get(given.length + place) ?? []);
  const kept = made.filter((_, place) => !marks.has(given.length + place));
  return { kept, removedByReason: countBy(reasons, (reason) => [reason]) };
}

function rewriteRecord(record: LogicRecord, most: number, random: Random): LogicRecord[] {
  const { input, atoms, connectors, reasoning, surface } = record;
  const found = new Map<string, LogicRecord>();
  for (let draw = 0; draw < most; draw++) {
    const made = rewriteFormula(parseFormula(record.formula), random);
    if (made === undefined) break;
    const parts = { input, atoms, connectors, reasoning, surface, formula: made.formula };
    const derived = deriveRecord([record], { ...parts, transform: `rewrite-${made.rule}` });
    if (derived.id !== record.id) found.set(derived.id, derived);
  }
  return [...found.values()];
}
