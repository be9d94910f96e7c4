import { countBy } from '../../data/stages/stage-statistics.js';
import type { Counts } from '../../data/stages/stage-statistics.js';
import type { FallacyRecord } from './record.js';

/** What a file of records holds. */
export interface FallacyStatistics {
  records: number;
  byLabel: Counts;
  bySeverity: Counts;
  byTemplate: Counts;
  /** Mean characters of a text, and of what commits the fallacy. */
  characters: { text: number; span: number };
}

/**
 * Counts records.
 *
 * @param records - any
 * @returns counts by label, severity and template, and mean lengths
 */
export function describeFallacies(records: readonly FallacyRecord[]): FallacyStatistics {
  const spans = records.flatMap(({ span }) => (span === null ? [] : [span[1] - span[0]]));
  return {
    records: records.length,
    byLabel: countBy(records, ({ label }) => [label]),
    bySeverity: countBy(records, ({ severity }) => [String(severity)]),
    byTemplate: countBy(records, ({ template }) => (template === undefined ? [] : [template])),
    characters: { text: computeMean(records.map(({ text }) => text.length)), span: computeMean(spans) },
  };
}

function computeMean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
