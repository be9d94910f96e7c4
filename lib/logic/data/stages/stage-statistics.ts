import { writeFileAtomic } from '../../../core/index.js';
import { GRAMMAR_VERSION } from '../../grammar/records/grammar-version.js';
import { connectiveSymbols } from '../records/record.js';
import type { LogicRecord } from '../records/record.js';

/** How many of each. */
export type Counts = Record<string, number>;

/** What a stage of preparing data did. */
export interface StageStatistics {
  stage: string;
  /** Of the grammar and the rules of the stages. */
  version: string;
  /** Records before. */
  input: number;
  /** Records after. */
  output: number;
  removedByReason: Counts;
  byComplexity: Counts;
  byDomain: Counts;
  /** Records whose formula has each connective. */
  byConnective: Counts;
  /** Records by their number of atoms. */
  byAtoms: Counts;
  seed: number | null;
  /** In ISO 8601. */
  startedAt: string;
  durationMs: number;
}

/** What a stage knows of itself. */
export interface StageFacts {
  stage: string;
  input: number;
  removedByReason?: Counts;
  seed?: number | null;
  /** Milliseconds since 1970, of Date.now(). */
  startedAt: number;
}

/**
 * The statistics of a stage.
 *
 * @param records - its output
 * @param facts - what it did
 * @returns counts over the output, and the time since it began
 */
export function describeStage(records: readonly LogicRecord[], facts: StageFacts): StageStatistics {
  const { stage, input, removedByReason = {}, seed = null, startedAt } = facts;
  return {
    stage,
    version: GRAMMAR_VERSION,
    input,
    output: records.length,
    removedByReason,
    ...countRecords(records),
    seed,
    startedAt: new Date(startedAt).toISOString(),
    durationMs: Date.now() - startedAt,
  };
}

/** Counts of records by what they hold. */
export function countRecords(
  records: readonly LogicRecord[],
): Pick<StageStatistics, 'byComplexity' | 'byDomain' | 'byConnective' | 'byAtoms'> {
  return {
    byComplexity: countBy(records, ({ complexity }) => [complexity]),
    byDomain: countBy(records, ({ domain }) => [domain]),
    byConnective: countBy(records, ({ formula }) => connectiveSymbols.filter((symbol) => formula.includes(symbol))),
    byAtoms: countBy(records, ({ atoms }) => [String(atoms.length)]),
  };
}

/**
 * Counts names.
 *
 * @param items - anything
 * @param list - the names that count for one of them
 * @returns how many items have each name, the names in the order of their first occurrence, numbers ascending
 */
export function countBy<T>(items: readonly T[], list: (item: T) => readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const item of items) for (const name of list(item)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/**
 * Writes statistics beside the file that they are of.
 *
 * @param path - of the records
 * @param statistics - any of a stage
 */
export async function writeStatistics(path: string, statistics: object): Promise<void> {
  await writeFileAtomic(`${path}.stats.json`, `${JSON.stringify(statistics, null, 2)}\n`);
}
