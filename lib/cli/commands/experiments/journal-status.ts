import type { JournalEntry } from '../../../experiments/index.js';
import { formatColumns } from '../../print-result.js';

/** How far the legs of a stage are. */
export interface StageStatus {
  stage: string;
  finished: number;
  diverged: number;
  failed: number;
  /** Begun and not ended: under way, or cut off by the end of the process. */
  open: number;
}

/**
 * How far an experiment is.
 * @param entries - of its journal
 * @returns a line a stage that was begun
 */
export function summarizeJournal(entries: readonly JournalEntry[]): StageStatus[] {
  const stages = [...new Set(entries.filter(({ type }) => type === 'started').map(({ stage }) => String(stage)))];
  return stages.map((stage) => {
    const latest = new Map(
      entries
        .filter((entry) => entry.stage === stage && entry.run !== undefined)
        .map((entry) => [entry.run, entry.type]),
    );
    const count = (type: string): number => [...latest.values()].filter((found) => found === type).length;
    return {
      stage,
      finished: count('finished'),
      diverged: count('diverged'),
      failed: count('failed'),
      open: count('started'),
    };
  });
}

/** The stages as lines. */
export function formatStatus(stages: readonly StageStatus[]): string {
  if (stages.length === 0) return 'Nothing has begun.';
  return formatColumns(
    stages.map(({ stage, finished, diverged, failed, open }) => [
      stage,
      `${finished} finished, ${diverged} diverged, ${failed} failed, ${open} open`,
    ]),
  );
}
