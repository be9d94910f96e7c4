import { raise } from '../../core/index.js';
import { mean } from '../statistics/describe.js';
import type { Token } from './ngrams.js';

type Text = readonly Token[];
type Texts = readonly Text[];

/** Tokens of a window whose vocabulary is counted. */
const WINDOW = 100;
/** Tokens of the parts that {@link computeIntraDiversity} compares. */
const SPAN = 50;

/** Different tokens as a share of all, over all texts together; it falls with length. NaN without tokens. */
export function computeTypeTokenRatio(texts: Texts): number {
  const all = texts.flat();
  return new Set(all).size / all.length;
}

/** Different tokens a window of 100, the mean over windows side by side in each text; NaN where none is that long. */
export function countUniquePer100(texts: Texts): number {
  return mean(texts.flatMap((text) => splitWindows(text, WINDOW)).map((window) => new Set(window).size));
}

/**
 * Computes the share of a reference's vocabulary that the texts use, both cut to the same number of tokens.
 * @throws ArgumentError for an empty reference
 */
export function computeCoverage(texts: Texts, reference: Text): number {
  if (reference.length === 0) {
    raise('PAL_ARGUMENT', { where: 'computeCoverage', expected: 'a reference with tokens', received: 'an empty one' });
  }
  const all = texts.flat();
  const length = Math.min(all.length, reference.length);
  const [made, wanted] = [new Set(all.slice(0, length)), new Set(reference.slice(0, length))];
  return length === 0 ? 0 : [...wanted].filter((token) => made.has(token)).length / wanted.size;
}

/** The share of tokens that are the unknown one; NaN without tokens. */
export function computeUnknownRate(texts: Texts, unknown: Token): number {
  const all = texts.flat();
  return all.filter((token) => token === unknown).length / all.length;
}

/** Computes the mean of 1 − Jaccard of vocabularies over all pairs of texts; NaN for one text. */
export function computeInterDiversity(texts: Texts): number {
  const sets = texts.map((text) => new Set(text));
  return mean(sets.flatMap((a, i) => sets.slice(i + 1).map((b) => 1 - jaccard(a, b))));
}

/** Computes the mean of 1 − Jaccard of neighbouring spans of 50 tokens of a text; NaN where no text has two. */
export function computeIntraDiversity(texts: Texts): number {
  const distances = texts.flatMap((text) => {
    const sets = splitWindows(text, SPAN).map((part) => new Set(part));
    return sets.slice(1).map((set, i) => 1 - jaccard(sets[i]!, set));
  });
  return mean(distances);
}

function splitWindows(text: Text, length: number): Text[] {
  return Array.from({ length: Math.floor(text.length / length) }, (_, i) => text.slice(i * length, (i + 1) * length));
}

function jaccard(a: ReadonlySet<Token>, b: ReadonlySet<Token>): number {
  const shared = [...a].filter((token) => b.has(token)).length;
  const either = a.size + b.size - shared;
  return either === 0 ? 1 : shared / either;
}
