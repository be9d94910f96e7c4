import { splitSentences } from '../../text/index.js';
import { mean } from '../statistics/describe.js';
import { tokenize13a } from './tokenize-13a.js';

/** Lengths of the sentences of some texts beside those of a reference, in words. */
export interface SentenceLengthMatch {
  /** Mean words a sentence. */
  mean: number;
  referenceMean: number;
  /** The smaller mean as a share of the larger, 1 for the same. */
  match: number;
  /** The earth mover's distance between both distributions, in words. */
  distance: number;
}

/** Words of every sentence. */
export function countSentenceWords(texts: readonly string[]): number[] {
  return texts.flatMap((text) => splitSentences(text)).map((sentence) => tokenize13a(sentence).length);
}

/** Compares the lengths of sentences; NaN where there is none on a side. */
export function compareSentenceLengths(texts: readonly string[], references: readonly string[]): SentenceLengthMatch {
  const [made, wanted] = [countSentenceWords(texts), countSentenceWords(references)];
  const [a, b] = [mean(made), mean(wanted)];
  return {
    mean: a,
    referenceMean: b,
    match: Math.min(a, b) / Math.max(a, b),
    distance: computeEarthMoverDistance(made, wanted),
  };
}

/** The area between two distribution functions: the earth mover's distance on a line. */
function computeEarthMoverDistance(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return NaN;
  const points = [...new Set([...a, ...b])].sort((x, y) => x - y);
  const below = (values: readonly number[], point: number) => values.filter((value) => value <= point).length;
  return points.slice(1).reduce((area, point, i) => {
    const from = points[i]!;
    return area + (point - from) * Math.abs(below(a, from) / a.length - below(b, from) / b.length);
  }, 0);
}
