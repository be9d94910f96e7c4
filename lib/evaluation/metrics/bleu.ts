import type { OptionChecks } from '../../core/index.js';
import { checkOptions, expectPositiveInteger, expectRange, raise } from '../../core/index.js';
import { countNgrams } from './ngrams.js';
import type { Token } from './ngrams.js';

/** Replacement of a precision of 0, which would make the whole score 0. */
export type BleuSmoothing =
  | { type: 'none' }
  /** `value` matches (default 0.1). */
  | { type: 'floor'; value?: number }
  /** `value` more matches and n-grams for n > 1 (default 1). */
  | { type: 'addK'; value?: number }
  /** ½, then ¼, … of a match. */
  | { type: 'exp' };

/** Settings of {@link corpusBleu}. */
export interface BleuOptions {
  /** The longest n-grams that count: 4 for BLEU-4 (default). */
  order?: number;
  /** Default `exp`. */
  smoothing?: BleuSmoothing;
  /** Leaves out n-grams longer than the candidates instead of scoring 0 (default false; for single sentences true). */
  effectiveOrder?: boolean;
}

/** The keys of {@link BleuOptions}. */
export const bleuKeys: OptionChecks<BleuOptions> = { order: true, smoothing: true, effectiveOrder: true };

/** A BLEU score and what it is made of. */
export interface Bleu {
  /** In [0, 1]. */
  score: number;
  /** The smoothed share of matching n-grams for n = 1, 2, …, in [0, 1]. */
  precisions: number[];
  /** Clipped matches for each n. */
  matches: number[];
  /** N-grams of the candidates for each n. */
  totals: number[];
  /** min(1, e^(1 − reference / candidate)). */
  brevityPenalty: number;
  /** Tokens of the candidates. */
  candidateLength: number;
  /** Tokens of the references nearest in length, the shorter of two as near. */
  referenceLength: number;
}

type Tokens = readonly Token[];

/**
 * BLEU of many candidates at once: e^(mean of ln precision) · brevity penalty, counts summed over all first.
 *
 * @param references - for each candidate its references, at least one
 * @throws ArgumentError when lists don't match or a setting is out of range
 * @see Papineni et al. 2002, https://aclanthology.org/P02-1040; Post 2018, https://arxiv.org/abs/1804.08771
 */
export function corpusBleu(
  candidates: readonly Tokens[],
  references: readonly (readonly Tokens[])[],
  options: BleuOptions = {},
): Bleu {
  checkOptions('corpusBleu', options, bleuKeys);
  const order = expectPositiveInteger('corpusBleu', 'order', options.order ?? 4);
  expectReferences(candidates, references);
  const counted = candidates.map((candidate, i) => countMatches(candidate, references[i]!, order));
  const sum = (pick: (one: MatchCounts) => number) => counted.reduce((total, one) => total + pick(one), 0);
  const orders = Array.from({ length: order }, (_, i) => i);
  return computeScore(
    {
      matches: orders.map((n) => sum((one) => one.matches[n]!)),
      totals: orders.map((n) => sum((one) => one.totals[n]!)),
      candidateLength: sum((one) => one.candidateLength),
      referenceLength: sum((one) => one.referenceLength),
    },
    options,
  );
}

/** {@link corpusBleu} of one sentence; n-grams longer than it don't count. */
export function sentenceBleu(candidate: Tokens, references: readonly Tokens[], options: BleuOptions = {}): Bleu {
  checkOptions('sentenceBleu', options, bleuKeys);
  return corpusBleu([candidate], [references], { effectiveOrder: true, ...options });
}

/**
 * The mean BLEU of each text against all others: 1 for texts that are all the same.
 * @throws ArgumentError for fewer than two texts
 * @see Zhu et al. 2018, https://arxiv.org/abs/1802.01886
 */
export function selfBleu(texts: readonly Tokens[], options: BleuOptions = {}): number {
  checkOptions('selfBleu', options, bleuKeys);
  if (texts.length < 2) {
    raise('PAL_ARGUMENT', { where: 'selfBleu', expected: 'at least 2 texts', received: String(texts.length) });
  }
  const order = expectPositiveInteger('selfBleu', 'order', options.order ?? 4);
  const most = Array.from({ length: order }, (_, i) => findTopTwoCounts(texts, i + 1));
  const scores = texts.map((text, i) => {
    const others = texts.toSpliced(i, 1);
    const matches = most.map((counts, n) => countMatchesAmongOthers(text, i, n + 1, counts));
    return computeScore({ ...countLengths(text, others, order), matches }, { effectiveOrder: true, ...options }).score;
  });
  return scores.reduce((x, y) => x + y) / scores.length;
}

type MatchCounts = Pick<Bleu, 'matches' | 'totals' | 'candidateLength' | 'referenceLength'>;

function countMatches(candidate: Tokens, references: readonly Tokens[], order: number): MatchCounts {
  const sizes = Array.from({ length: order }, (_, i) => i + 1);
  const matches = sizes.map((n) => countClippedMatches(candidate, references, n));
  return { ...countLengths(candidate, references, order), matches };
}

function countLengths(candidate: Tokens, references: readonly Tokens[], order: number): Omit<MatchCounts, 'matches'> {
  return {
    totals: Array.from({ length: order }, (_, i) => Math.max(0, candidate.length - i)),
    candidateLength: candidate.length,
    referenceLength: findNearestLength(candidate.length, references),
  };
}

/** Counts of an n-gram in the text that has most of it, and in the next. */
interface TopTwoCounts {
  text: number;
  most: number;
  next: number;
}

/** For each n-gram where it is most frequent: what each text is clipped at, without comparing all pairs. */
function findTopTwoCounts(texts: readonly Tokens[], n: number): Map<string, TopTwoCounts> {
  const found = new Map<string, TopTwoCounts>();
  for (const [text, tokens] of texts.entries()) {
    for (const [key, times] of countNgrams(tokens, n)) {
      const known = found.get(key) ?? { text: -1, most: 0, next: 0 };
      if (times > known.most) found.set(key, { text, most: times, next: known.most });
      else found.set(key, { ...known, next: Math.max(known.next, times) });
    }
  }
  return found;
}

function countMatchesAmongOthers(
  text: Tokens,
  index: number,
  n: number,
  most: ReadonlyMap<string, TopTwoCounts>,
): number {
  let matches = 0;
  for (const [key, times] of countNgrams(text, n)) {
    const { text: first, most: highest, next } = most.get(key)!;
    matches += Math.min(times, first === index ? next : highest);
  }
  return matches;
}

/** No n-gram matches more often than it occurs in the reference that has most of it. */
function countClippedMatches(candidate: Tokens, references: readonly Tokens[], n: number): number {
  const most = references.map((reference) => countNgrams(reference, n));
  let matches = 0;
  for (const [key, times] of countNgrams(candidate, n)) {
    matches += Math.min(times, Math.max(...most.map((counts) => counts.get(key) ?? 0)));
  }
  return matches;
}

function findNearestLength(length: number, references: readonly Tokens[]): number {
  const lengths = references.map((reference) => reference.length);
  return lengths.reduce((best, other) => {
    const nearer = Math.abs(other - length) - Math.abs(best - length);
    return nearer < 0 || (nearer === 0 && other < best) ? other : best;
  });
}

function computeScore(
  counted: MatchCounts,
  { smoothing = { type: 'exp' }, effectiveOrder = false }: BleuOptions,
): Bleu {
  const { matches, totals, candidateLength, referenceLength } = counted;
  const brevityPenalty = computeBrevityPenalty(candidateLength, referenceLength);
  if (matches.every((match) => match === 0)) {
    return { ...counted, score: 0, precisions: matches.map(() => 0), brevityPenalty };
  }
  const [grown, all] =
    smoothing.type === 'addK' ? addK(counted, resolveSmoothing(smoothing.value, 1)) : [matches, totals];
  const precisions = smoothPrecisions(grown, all, smoothing);
  const present = effectiveOrder ? precisions.slice(0, all.filter((total) => total > 0).length) : precisions;
  const logs = present.map((precision) => Math.log(precision));
  const score = brevityPenalty * Math.exp(logs.reduce((a, b) => a + b) / logs.length);
  return { ...counted, score, precisions, brevityPenalty };
}

function addK({ matches, totals }: MatchCounts, k: number): [matches: number[], totals: number[]] {
  const grown = (counts: readonly number[]) => counts.map((count, i) => (i === 0 ? count : count + k));
  return [grown(matches), grown(totals)];
}

function computeBrevityPenalty(candidate: number, reference: number): number {
  if (candidate === 0) return 0;
  return candidate < reference ? Math.exp(1 - reference / candidate) : 1;
}

function smoothPrecisions(matches: readonly number[], totals: readonly number[], smoothing: BleuSmoothing): number[] {
  let halving = 1;
  return matches.map((match, i) => {
    const total = totals[i]!;
    if (total === 0 || match > 0) return total === 0 ? 0 : match / total;
    if (smoothing.type === 'floor') return resolveSmoothing(smoothing.value, 0.1) / total;
    return smoothing.type === 'exp' ? 1 / ((halving *= 2) * total) : 0;
  });
}

function resolveSmoothing(value: number | undefined, otherwise: number): number {
  return value === undefined ? otherwise : expectRange('corpusBleu', 'smoothing.value', value, { min: 0 });
}

function expectReferences(candidates: readonly Tokens[], references: readonly (readonly Tokens[])[]): void {
  const lacking = candidates.findIndex((_, i) => (references[i]?.length ?? 0) === 0);
  if (candidates.length === references.length && candidates.length > 0 && lacking < 0) return;
  raise('PAL_ARGUMENT', {
    where: 'corpusBleu',
    expected: 'candidates, each with at least one reference',
    received: `${candidates.length} candidates, ${references.length} lists of references`,
    fix: lacking < 0 ? '' : `Candidate ${lacking} has none.`,
  });
}
