import { normalizeInput } from './normalize-input.js';

/** Characters of a shingle. */
const LENGTH = 5;

/** Of ten shingles of both, near-duplicates share nine; in whole numbers, so that nothing is rounded. */
const [SHARED, OF] = [9, 10];

/** Two sentences that are nearly the same, by their places; `earlier` < `later`. */
export interface NearPair {
  earlier: number;
  later: number;
}

/**
 * All pairs of sentences whose sets of character 5-grams have a Jaccard similarity of at least 0.9. Sentences that are
 * equal but for case and punctuation are pairs too. The search is exact: of two such sets, the prefixes in the order of
 * rarity share a shingle.
 *
 * @param inputs - sentences
 * @returns the pairs, by their later place, then by the earlier one
 * @see https://doi.org/10.1145/1242572.1242591 Bayardo, Ma and Srikant 2007, Scaling Up All Pairs Similarity Search
 */
export function findNearDuplicates(inputs: readonly string[]): NearPair[] {
  const sets = rankShingles(inputs.map(normalizeInput));
  const postings = new Map<number, number[]>();
  const pairs: NearPair[] = [];
  for (const [later, set] of sets.entries()) {
    const prefix = set.subarray(0, set.length - Math.ceil((SHARED * set.length) / OF) + 1);
    const candidates = new Set<number>();
    for (const shingle of prefix) {
      const holders = postings.get(shingle);
      for (const place of holders ?? []) candidates.add(place);
      if (holders === undefined) postings.set(shingle, [later]);
      else holders.push(later);
    }
    for (const earlier of [...candidates].sort((a, b) => a - b))
      if (areNear(sets[earlier]!, set)) pairs.push({ earlier, later });
  }
  return pairs;
}

/** The shingles of each text as numbers, the rarest lowest, ascending. */
function rankShingles(texts: readonly string[]): Uint32Array[] {
  const numbers = new Map<string, number>();
  const counts: number[] = [];
  const sets = texts.map((text) => {
    const own = new Set<number>();
    for (const shingle of listShingles(text)) {
      let number = numbers.get(shingle);
      if (number === undefined) numbers.set(shingle, (number = numbers.size));
      if (!own.has(number)) counts[number] = (counts[number] ?? 0) + 1;
      own.add(number);
    }
    return own;
  });
  const order = Uint32Array.from(counts.keys()).sort((a, b) => counts[a]! - counts[b]! || a - b);
  const ranks = new Uint32Array(order.length);
  order.forEach((number, rank) => (ranks[number] = rank));
  return sets.map((set) => Uint32Array.from(set, (number) => ranks[number]!).sort());
}

/**
 * The shingles of a text: its runs of five characters.
 *
 * @param text - any
 * @returns all of them in order, copies too; a shorter text is one itself
 */
export function listShingles(text: string): string[] {
  if (text.length <= LENGTH) return [text];
  return Array.from({ length: text.length - LENGTH + 1 }, (_, start) => text.slice(start, start + LENGTH));
}

function areNear(a: Uint32Array, b: Uint32Array): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (OF * short.length < SHARED * long.length) return false;
  let [i, j, shared] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const difference = a[i]! - b[j]!;
    if (difference === 0) shared++;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  return OF * shared >= SHARED * (a.length + b.length - shared);
}
