import { isWord } from './tokens.js';
import type { WordTable } from './word-table.js';

/** The weight of the prior in words: the larger, the more evidence a rare word needs. */
const PRIOR_WORDS = 1000;
const LEAST_COUNT = 3;

/** A word that is commoner here than in the reference. */
export interface DomainTerm {
  term: string;
  count: number;
  perMillion: number;
  referencePerMillion: number;
  /** The difference of the log-odds, in nats. */
  logOdds: number;
  /** The same over its standard deviation: what the terms are ranked by. */
  z: number;
}

/** Counts of words, in small letters, in a reference. */
export type ReferenceCounts = Readonly<Record<string, number>>;

/**
 * The words that tell a corpus from a reference the most, by log-odds with a prior from both together.
 *
 * @see https://doi.org/10.1093/pan/mpn018 Monroe, Colaresi and Quinn, Fightin' Words, equations 15 to 22
 */
export function findDomainTerms(table: WordTable, reference: ReferenceCounts, top: number): DomainTerm[] {
  const counts = foldCounts(table);
  const known = new Map(Object.entries(reference));
  const [total, referenceTotal] = [sum(counts.values()), sum(known.values())];
  const terms = [...counts]
    .filter(([, count]) => count >= LEAST_COUNT)
    .map(([term, count]): DomainTerm => {
      const other = known.get(term) ?? 0;
      const prior = (PRIOR_WORDS * (count + other)) / (total + referenceTotal);
      const odds = (found: number, all: number): number =>
        Math.log((found + prior) / (all + PRIOR_WORDS - found - prior));
      const logOdds = odds(count, total) - odds(other, referenceTotal);
      return {
        term,
        count,
        perMillion: (1e6 * count) / total,
        referencePerMillion: referenceTotal === 0 ? 0 : (1e6 * other) / referenceTotal,
        logOdds,
        z: logOdds / Math.sqrt(1 / (count + prior) + 1 / (other + prior)),
      };
    });
  return terms
    .filter(({ z }) => z > 0)
    .sort((a, b) => b.z - a.z || (a.term < b.term ? -1 : 1))
    .slice(0, top);
}

/** Words alone, in small letters. */
function foldCounts(table: WordTable): Map<string, number> {
  const counts = new Map<string, number>();
  table.words.forEach((word, id) => {
    if (!isWord(word) || !/\p{L}/u.test(word)) return;
    const key = word.toLowerCase();
    counts.set(key, (counts.get(key) ?? 0) + table.counts[id]!);
  });
  return counts;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
