import { complexityLevels } from '../formula/complexity.js';
import type { ScoredRecord } from './score-records.js';

/** The connectives and what stands in their place, as reports name roots. */
export const rootNames = { not: '¬', and: '∧', or: '∨', implies: '→', iff: '↔', atom: 'atom' } as const;

/** The name of the group that a record belongs to; undefined for none. */
type Key = (scored: ScoredRecord) => string | undefined;

/** A breakdown of a report: what its groups share. */
export type Breakdown =
  | 'by_complexity'
  | 'by_connector'
  | 'by_block'
  | 'by_length'
  | 'by_n_atoms'
  | 'by_surface'
  | 'by_negations'
  | 'by_depth'
  | 'by_sentence_length'
  | 'by_split'
  | 'by_block_and_level';

/** What the groups of each breakdown share, in words. */
export const breakdownTitles: Readonly<Record<Breakdown, string>> = {
  by_complexity: 'level',
  by_connector: 'outermost connective',
  by_block: 'domain',
  by_length: 'connectives',
  by_n_atoms: 'atoms',
  by_surface: 'construction',
  by_negations: 'negations',
  by_depth: 'depth',
  by_sentence_length: 'sentence',
  by_split: 'split',
  by_block_and_level: 'domain and level',
};

/** The breakdowns of a report: how each names the group of a record. */
export const breakdowns: Readonly<Record<Breakdown, Key>> = {
  by_complexity: ({ complexity }) => complexity.level,
  by_connector: ({ complexity }) => rootNames[complexity.root],
  by_block: ({ record }) => record.domain,
  by_length: ({ complexity }) => nameRange(complexity.connectives + complexity.negations, [0, 1, 3, 5]),
  by_n_atoms: ({ complexity }) => String(complexity.atoms),
  by_surface: ({ record }) => record.surface[0] ?? record.connectors[0]?.cue.toLowerCase(),
  by_negations: ({ complexity }) => nameRange(complexity.negations, [0, 1, 2, 3]),
  by_depth: ({ complexity }) => nameRange(complexity.depth, [0, 1, 2, 3, 4, 5]),
  by_sentence_length: ({ record }) => `${nameRange(countWords(record.input), [1, 9, 15, 25])} words`,
  by_split: ({ record }) => record.split,
  by_block_and_level: ({ record, complexity }) => `${record.domain}, ${complexity.level}`,
};

/** The name of the range that a count lies in, by the first counts of ranges. */
function nameRange(count: number, starts: readonly number[]): string {
  const place = starts.findLastIndex((start) => start <= count);
  const [first, next] = [starts[Math.max(0, place)]!, starts[place + 1]];
  if (next === undefined) return `${first}+`;
  return next === first + 1 ? String(first) : `${first}–${next - 1}`;
}

function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
}

/**
 * Divides records by a breakdown.
 *
 * @param scored - records
 * @param breakdown - its name
 * @returns the groups by name: levels from the easiest, numbers ascending, others from the largest
 */
export function groupRecords(scored: readonly ScoredRecord[], breakdown: Breakdown): [string, ScoredRecord[]][] {
  const key = breakdowns[breakdown];
  const groups = new Map<string, ScoredRecord[]>();
  for (const one of scored) {
    const name = key(one);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [one]);
    else group.push(one);
  }
  return [...groups].sort(([a, first], [b, second]) => compareNames(a, b) || second.length - first.length);
}

function compareNames(a: string, b: string): number {
  const level = (name: string): number => (complexityLevels as readonly string[]).indexOf(name);
  const [first, second] = [Number.parseInt(a, 10), Number.parseInt(b, 10)];
  if (!Number.isNaN(first) && !Number.isNaN(second)) return first - second;
  return level(a) - level(b);
}
