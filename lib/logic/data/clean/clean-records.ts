import { Random, checkOptions, expectBoolean, expectInteger, expectProbability } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import { parseFormula } from '../../formula/parse-formula.js';
import { measureComplexity } from '../../formula/complexity.js';
import type { LogicRecord } from '../records/record.js';
import { countBy, describeStage } from '../stages/stage-statistics.js';
import type { Counts, StageStatistics } from '../stages/stage-statistics.js';
import { cleanRecord } from './clean-record.js';
import type { RecordWarning } from './clean-record.js';
import type { CleaningReason } from './cleaning-reason.js';
import { findRepetitions } from './deduplicate.js';

/** A record that was removed, as it stood then. */
export interface RemovedRecord<Reason extends string = string> {
  reason: Reason;
  record: LogicRecord;
}

/** Settings of {@link cleanRecords}. */
export interface CleanOptions {
  /** The largest share of the records kept whose formulas have at most two atoms and one connective (default 0.4). */
  maxTrivialRatio?: number;
  /** Keeps formulas that are always true or never (default false). */
  keepNonContingent?: boolean;
  /** Draws which trivial records stay (default 42). */
  seed?: number;
}

/** The keys of {@link CleanOptions}. */
export const cleanKeys: OptionChecks<CleanOptions> = {
  maxTrivialRatio: expectProbability,
  keepNonContingent: expectBoolean,
  seed: expectInteger,
};

/** What {@link cleanRecords} found. */
export interface CleanedRecords {
  /** In their order. */
  records: LogicRecord[];
  removed: RemovedRecord<CleaningReason>[];
  statistics: StageStatistics & { warnings: Counts };
}

/**
 * Puts records in order and removes those with a fault: inputs of 8 to 600 characters, formulas that parse, whose atoms are
 * declared and which can be true and false; each sentence once and with one meaning; few trivial ones.
 *
 * @param records - as they were read
 * @param options - how many trivial ones stay, and the seed that draws them
 * @returns the records left in their order, the others with the reason, and counts
 */
export function cleanRecords(records: readonly LogicRecord[], options: CleanOptions = {}): CleanedRecords {
  const {
    maxTrivialRatio = 0.4,
    keepNonContingent = false,
    seed = 42,
  } = checkOptions('cleanRecords', options, cleanKeys);
  const startedAt = Date.now();
  const removed: RemovedRecord<CleaningReason>[] = [];
  const warnings: RecordWarning[] = [];
  const sound = cleanEach(records, keepNonContingent, removed, warnings);
  const single = removeMarked(sound, findRepetitions(sound), removed);
  const kept = removeMarked(single, drawTrivial(single, maxTrivialRatio, seed), removed);
  const removedByReason = countBy(removed, ({ reason }) => [reason]);
  const facts = { stage: 'clean', input: records.length, removedByReason, seed, startedAt };
  const statistics = { ...describeStage(kept, facts), warnings: countBy(warnings, (warning) => [warning]) };
  return { records: kept, removed, statistics };
}

function cleanEach(
  records: readonly LogicRecord[],
  keepNonContingent: boolean,
  removed: RemovedRecord<CleaningReason>[],
  warnings: RecordWarning[],
): LogicRecord[] {
  const ids = new Map<string, string>();
  const sound: LogicRecord[] = [];
  for (const record of records) {
    const cleaned = cleanRecord(record, keepNonContingent);
    if (typeof cleaned === 'string') {
      removed.push({ reason: cleaned, record });
      continue;
    }
    if (record.id !== cleaned.record.id) ids.set(record.id, cleaned.record.id);
    warnings.push(...cleaned.warnings);
    sound.push(cleaned.record);
  }
  return ids.size === 0 ? sound : sound.map((record) => followIds(record, ids));
}

/** Records that were made from one whose id changed follow it. */
function followIds(record: LogicRecord, ids: ReadonlyMap<string, string>): LogicRecord {
  const { sourceId, provenance } = record;
  const parents = provenance.parents.map((parent) => ids.get(parent) ?? parent);
  return { ...record, sourceId: ids.get(sourceId) ?? sourceId, provenance: { ...provenance, parents } };
}

function removeMarked(
  records: readonly LogicRecord[],
  marks: ReadonlyMap<number, CleaningReason>,
  removed: RemovedRecord<CleaningReason>[],
): LogicRecord[] {
  return records.filter((record, place) => {
    const reason = marks.get(place);
    if (reason !== undefined) removed.push({ reason, record });
    return reason === undefined;
  });
}

/** The trivial records that are too many, drawn at random. */
function drawTrivial(records: readonly LogicRecord[], ratio: number, seed: number): Map<number, 'trivial'> {
  const trivial = [...records.keys()].filter((place) => isTrivial(records[place]!));
  const others = records.length - trivial.length;
  const most = ratio === 1 ? trivial.length : Math.floor((ratio * others) / (1 - ratio) + 1e-9);
  const drawn = new Random(seed).split('trivial').shuffle(trivial);
  return new Map(drawn.slice(most).map((place) => [place, 'trivial']));
}

function isTrivial({ formula }: LogicRecord): boolean {
  const { atoms, connectives } = measureComplexity(parseFormula(formula));
  return atoms <= 2 && connectives <= 1;
}
