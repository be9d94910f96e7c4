import { raise } from '../../../core/index.js';
import type { NearPair } from '../clean/near-duplicates.js';
import { normalizeInput } from '../clean/normalize-input.js';
import type { LogicRecord } from '../records/record.js';
import { splitNames } from './assign-groups.js';
import type { SplitName } from './assign-groups.js';
import type { Patterns } from './patterns.js';

/** What two parts of a split have in common: counts of records of the second one. */
export interface LeakageCounts {
  parts: readonly [SplitName, SplitName];
  /** The same sentence but for case and punctuation. */
  exact: number;
  /** Pairs of sentences that are nearly the same. */
  near: number;
  /** The same glosses. */
  glosses: number;
  patternSyntactic: number;
  patternSemantic: number;
}

/** A split whose parts are compared. */
export interface AuditedSplit {
  records: readonly LogicRecord[];
  /** The part of each record. */
  parts: readonly SplitName[];
  near: readonly NearPair[];
  patterns: readonly Patterns[];
}

/**
 * Counts what the parts of a split share.
 *
 * @param split - records and their parts
 * @returns counts for each pair of parts
 * @throws DataError where two parts share a sentence
 */
export function countLeakage(split: AuditedSplit): LeakageCounts[] {
  const { records, parts, near, patterns } = split;
  const keys = {
    exact: records.map(({ input }) => normalizeInput(input)),
    glosses: records.map(({ atoms }) =>
      atoms
        .map(({ gloss }) => normalizeInput(gloss))
        .sort()
        .join('\n'),
    ),
    patternSyntactic: patterns.map((each) => each.patternSyntactic),
    patternSemantic: patterns.map((each) => each.patternSemantic),
  };
  const pairs = splitNames.flatMap((first, i) => splitNames.slice(i + 1).map((second) => [first, second] as const));
  return pairs.map(([first, second]) => {
    const share = (list: readonly string[]): number => countShared(list, parts, first, second);
    const exact = share(keys.exact);
    if (exact > 0) refuseLeak(exact, first, second);
    const between = near.filter(({ earlier, later }) => {
      const found = [parts[earlier], parts[later]];
      return found.includes(first) && found.includes(second);
    });
    const patternCounts = {
      patternSyntactic: share(keys.patternSyntactic),
      patternSemantic: share(keys.patternSemantic),
    };
    return { parts: [first, second], exact, near: between.length, glosses: share(keys.glosses), ...patternCounts };
  });
}

function countShared(
  keys: readonly string[],
  parts: readonly SplitName[],
  first: SplitName,
  second: SplitName,
): number {
  const known = new Set(keys.filter((_, place) => parts[place] === first));
  return keys.filter((key, place) => parts[place] === second && known.has(key)).length;
}

function refuseLeak(count: number, first: SplitName, second: SplitName): never {
  raise('PAL_DATA', {
    where: 'splitRecords',
    expected: `no sentence in both ${first} and ${second}`,
    received: String(count),
    fix: 'Clean the records first.',
  });
}
